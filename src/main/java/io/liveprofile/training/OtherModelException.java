package io.liveprofile.training;

/** What was learned is of a model of another form, such as before a change of model.yaml. */
public final class OtherModelException extends Exception {
    private static final long serialVersionUID = 1L;

    OtherModelException(String was, String is) {
        super("The trainer's state is of a model of " + was + "; now it is one of " + is);
    }
}
