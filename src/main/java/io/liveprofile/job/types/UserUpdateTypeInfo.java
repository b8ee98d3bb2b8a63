package io.liveprofile.job.types;

import io.liveprofile.feature.UserUpdate;

/** Type information of {@link UserUpdate}. */
public final class UserUpdateTypeInfo extends RecordTypeInfo<UserUpdate> {
    private static final long serialVersionUID = 1L;

    public static final UserUpdateTypeInfo INSTANCE = new UserUpdateTypeInfo();

    private UserUpdateTypeInfo() {
        super(UserUpdate.class, UserUpdateSerializer.INSTANCE);
    }
}
