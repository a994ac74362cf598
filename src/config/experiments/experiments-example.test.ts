import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatPath, parseYaml } from '../yaml-document.js';
import { defineExperiment } from './define-experiment.js';
import { experimentsSchema } from './experiment-schema.js';

const guide = readFileSync(new URL('../../../docs/experiments.md', import.meta.url), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
const listOf = (text: string) => (parseYaml(text).value as { experiments: unknown }).experiments;

it('the example of docs/experiments.md is valid', () => {
  const [raw] = experimentsSchema.parse(listOf(example));
  if (raw === undefined) throw new Error('no experiment');
  const experiment = defineExperiment(raw);
  expect(experiment.arms.map(({ id }) => id)).toEqual(['shipped', 'candidate']);
  expect(experiment.shadowArms[0]?.roles.initialization?.model).toBe('ridge-start@1');
  expect(experiment.secondary[1]).toMatchObject({ scale: 'difference', range: [0, 90] });
  expect(experiment.ramp[1]).toEqual({ percent: 50, minPlans: 100, holdHours: 0 });
});

it('faults have a line in the file', () => {
  const text = example.replace('control: shipped', 'control: nobody').replace('to: 500', 'to: 0');
  const parsed = experimentsSchema.safeParse(listOf(text));
  const lines = parsed.error?.issues.map((issue) => {
    const path = ['experiments', ...issue.path] as (string | number)[];
    const line = parseYaml(text).lineOf(path);
    return [formatPath(path), text.split('\n')[line - 1]?.trim().split(':')[0]];
  });
  expect(lines).toEqual([
    ['experiments[0].layer.to', 'layer'],
    ['experiments[0].control', 'control'],
    ['experiments[0].layer.from', 'layer'],
  ]);
});
