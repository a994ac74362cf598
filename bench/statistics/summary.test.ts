import { beforeAll, describe, expect, it } from 'vitest';
import {
  headline,
  SCENARIOS,
  type ScenarioName,
  type Summaries,
  summarizeScenario,
} from './summary.js';

/** A rate over so many experiments may be above its bound by three standard deviations. */
const slack = (rate: number, experiments: number) =>
  3 * Math.sqrt((rate * (1 - rate)) / experiments);

describe('simulated experiments with a look after every plan', () => {
  const experiments = 100;
  let summaries: Summaries;
  let figures: ReturnType<typeof headline>;

  beforeAll(() => {
    summaries = Object.fromEntries(
      (Object.keys(SCENARIOS) as ScenarioName[]).map((name) => [
        name,
        summarizeScenario(name, experiments, name === '10 % cheaper' ? 1000 : 600, 7),
      ]),
    ) as Summaries;
    figures = headline(summaries);
  }, 120_000);

  it('see no effect where there is none', () => {
    for (const [name, { decided }] of Object.entries(summaries)) {
      if (name.includes('no effect')) {
        expect(decided, name).toBeLessThanOrEqual(0.05 + slack(0.05, experiments));
      }
    }
  });

  it('cover the truth at all analyses together', () => {
    expect(figures.coverage).toBeGreaterThanOrEqual(0.95 - slack(0.05, experiments));
  });

  it('find an effect within twice the plans of a test with one look, on the right side', () => {
    expect(figures.medianPlansRatio).toBeLessThan(2);
    expect(summaries['10 % cheaper'].wrongSide).toBeLessThan(0.02);
  });

  it('have a fixed-size test of the power that the formula says', () => {
    const { fixedPower } = summaries['10 % cheaper'];
    expect(Math.abs(fixedPower - 0.8)).toBeLessThan(slack(0.8, experiments));
  });

  it('have the power that was planned, or a little more', () => {
    expect(figures.powerAsPlanned).toBeGreaterThan(0.8 - slack(0.8, experiments));
    expect(figures.powerAsPlanned).toBeLessThan(0.98);
  });

  it('notice skewed shares and lost sessions, and nothing where nothing is', () => {
    expect(figures.srmDetected).toBeGreaterThan(0.8);
    expect(figures.lossDetected).toBeGreaterThan(0.5);
    expect(figures.srmFalseAlarms).toBeLessThanOrEqual(0.01 + slack(0.01, experiments));
    expect(figures.lossFalseAlarms).toBeLessThanOrEqual(0.01 + slack(0.01, experiments));
  });
});
