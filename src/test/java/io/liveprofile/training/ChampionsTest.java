package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.model.Activation;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Training;
import io.liveprofile.model.SessionThreads;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChampionsTest {
    private static final float[][] X = {{1, -2}};

    @Test
    void thePredecessorComesBackUnderANewIdAndWhatServedMayComeBackInTurn() {
        try (Champions champions = new Champions(ChampionsTest::session, id -> Optional.empty())) {
            MlpSession good = session();
            MlpSession bad = session();
            champions.promote("r000001", good);
            champions.promote("r000002", bad);
            champions.rollBack("r000003");
            assertThat(champions.championId()).isEqualTo("r000003");
            assertThat(champions.champion()).isSameAs(good);
            assertThat(champions.predecessorId()).isEqualTo("r000002");
            assertThat(champions.predecessor()).isSameAs(bad);

            champions.promote("r000004", session());
            assertThat(champions.predecessor()).isSameAs(good);
            assertThat(good.score(X)).hasDimensions(1, 1);
        }
    }

    private static MlpSession session() {
        return MlpSession.initialise(
                new MlpGraph(2, new ModelConfig(List.of(4), Activation.RELU, true, 10, List.of(new Head("bought")),
                        new Training(0.01, 8, 1, 1, 0, 0, 5, 3))),
                SessionThreads.SINGLE);
    }
}
