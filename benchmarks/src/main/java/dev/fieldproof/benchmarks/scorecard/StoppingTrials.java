package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.AwsAbort;
import dev.fieldproof.benchmarks.rival.HawkbitThreshold;
import dev.fieldproof.ota.rollout.StoppingTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How soon rules stop campaigns that fail more than what they replace, and how often campaigns that do not. */
final class StoppingTrials {
    static final int CAMPAIGNS = 10_000;

    private static final double BAD_RATE = 0.05;
    private static final double FALSE_STOP_BOUND = 0.01;
    private static final double NORMAL_95 = 1.96;
    private static final int[] LEAST = {50, 100, 200, 300, 500, 800};
    private static final double[] SHARES = {
        0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.045, 0.05, 0.06, 0.07, 0.08, 0.1, 0.13, 0.16, 0.2
    };
    private static final double[] TIMEOUT_HOURS = {2, 6, 7, 8, 12, Double.POSITIVE_INFINITY};
    private static final int[] GROUPS = {50, 100, 200, 400, 500, 1000, 2000, 4000};

    /** One rule at one setting, on every campaign of both kinds. */
    static final class Score {
        private double sum;
        private double squares;
        private int missed;
        private int falseStops;

        private void bad(double stopMinutes) {
            int exposed = StoppingCampaign.exposed(stopMinutes);
            missed += stopMinutes == Double.POSITIVE_INFINITY ? 1 : 0;
            sum += exposed;
            squares += (double) exposed * exposed;
        }

        private void good(double stopMinutes) {
            falseStops += stopMinutes < Double.POSITIVE_INFINITY ? 1 : 0;
        }

        private Score plus(Score other) {
            sum += other.sum;
            squares += other.squares;
            missed += other.missed;
            falseStops += other.falseStops;
            return this;
        }

        /** Devices that had the bad update when it was stopped; all of them if it was not. */
        double meanDevices() {
            return sum / CAMPAIGNS;
        }

        /** Upper end of the 95 % confidence interval of the mean. */
        double meanDevicesUpper() {
            double variance = squares / CAMPAIGNS - meanDevices() * meanDevices();
            return meanDevices() + NORMAL_95 * Math.sqrt(variance / CAMPAIGNS);
        }

        double missedPercent() {
            return 100.0 * missed / CAMPAIGNS;
        }

        double falsePercent() {
            return 100.0 * falseStops / CAMPAIGNS;
        }

        /** Upper end of the 95 % score interval (Wilson 1927) of the share of false stops, in percent. */
        double falsePercentUpper() {
            double n = CAMPAIGNS;
            double share = falseStops / n;
            double z2 = NORMAL_95 * NORMAL_95;
            double centre = share + z2 / (2 * n);
            double width = NORMAL_95 * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
            return 100 * (centre + width) / (1 + z2 / n);
        }
    }

    /** Our rule, and the rivals at the setting that does best on these very campaigns with at most 1 % false stops. */
    record Scores(Score ours, Score aws, Score hawkbit) {}

    private StoppingTrials() {}

    static Scores play(long seed) {
        List<Score> all = IntStream.range(0, CAMPAIGNS)
                .parallel()
                .collect(
                        StoppingTrials::fresh,
                        (scores, i) -> {
                            judge(scores, new StoppingCampaign(seed + 2L * i, BAD_RATE), true);
                            judge(
                                    scores,
                                    new StoppingCampaign(seed + 2L * i + 1, StoppingCampaign.INNOCENT_RATE),
                                    false);
                        },
                        (left, right) -> {
                            for (int i = 0; i < left.size(); i++) {
                                left.get(i).plus(right.get(i));
                            }
                        });
        int aws = awsSettings();
        return new Scores(all.get(0), best(all.subList(1, 1 + aws)), best(all.subList(1 + aws, all.size())));
    }

    private static int awsSettings() {
        return TIMEOUT_HOURS.length * 2 * SHARES.length * LEAST.length;
    }

    private static List<Score> fresh() {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < 1 + awsSettings() + GROUPS.length * SHARES.length; i++) {
            scores.add(new Score());
        }
        return scores;
    }

    private static Score best(List<Score> scores) {
        return scores.stream()
                .filter(score -> score.falsePercent() <= 100 * FALSE_STOP_BOUND)
                .min(Comparator.comparingDouble(Score::meanDevices))
                .orElseThrow();
    }

    private static void judge(List<Score> scores, StoppingCampaign campaign, boolean bad) {
        int at = 0;
        count(scores.get(at++), ours(campaign), bad);
        for (double hours : TIMEOUT_HOURS) {
            for (boolean notified : new boolean[] {false, true}) {
                AwsAbort aws = new AwsAbort(campaign.heard, campaign.failed, 60 * hours, notified);
                for (double share : SHARES) {
                    for (int least : LEAST) {
                        count(scores.get(at++), aws.stopMinutes(share, least), bad);
                    }
                }
            }
        }
        for (int group : GROUPS) {
            for (double share : SHARES) {
                double stop = HawkbitThreshold.stopMinutes(campaign.heard, campaign.failed, group, share);
                count(scores.get(at++), stop, bad);
            }
        }
    }

    private static void count(Score score, double stopMinutes, boolean bad) {
        if (bad) {
            score.bad(stopMinutes);
        } else {
            score.good(stopMinutes);
        }
    }

    private static double ours(StoppingCampaign campaign) {
        StoppingTest test = new StoppingTest(StoppingCampaign.CONTROLS, FALSE_STOP_BOUND);
        for (int i = 0; i < campaign.events(); i++) {
            test.failure(campaign.isUpdated(i), campaign.isSilent(i));
            if (test.stops()) {
                return campaign.atMinutes(i);
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
