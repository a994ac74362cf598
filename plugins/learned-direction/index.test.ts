import {
  type InferenceHandle,
  InvalidInput,
  type Iteration,
  type LevelStart,
  type ModelTensors,
  ModelUnavailable,
  NotApplicable,
  type SessionEvent,
} from '@dh-advisor/plugin-sdk';
import {
  createPlugin,
  FakeInference,
  fakeModel,
  fakePlan,
  fakeServices,
  fakeSession,
  playRun,
  recordedRun,
} from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const GRID = [2, 1, 4];
const MEMORY = 3;
const PAIRS = 2;
const signal = new AbortController().signal;

/** The signature that the plugin expects; only what the model keeps matters to it. */
function model(answer: (inputs: ModelTensors) => ModelTensors): InferenceHandle {
  const inputs = [
    'structures',
    'beams',
    'structure_mean_dose',
    'structure_max_dose',
    'column_norm',
    'weights',
    'gradient',
    'gradient_changes',
    'context',
  ];
  const handle = fakeModel(
    {
      role: 'step-direction',
      inputs,
      outputs: ['step', 'next_memory', 'ood_score'],
      weightCeiling: 0.2,
    },
    answer,
  );
  const type = 'float32';
  const memory = { name: 'memory', type, shape: [...'BRC', MEMORY] } as const;
  const steps = { name: 'steps', type, shape: [PAIRS, ...'BRC'] } as const;
  return {
    ...handle,
    signature: { ...handle.signature, inputs: [...handle.signature.inputs, memory, steps] },
  };
}

/** Steps down the gradient; remembers how often it was asked. */
function downhill(asked: ModelTensors[]): InferenceHandle {
  return model((inputs) => {
    asked.push(inputs);
    const gradient = inputs['gradient']?.data ?? new Float32Array();
    return {
      step: { shape: GRID, data: Float32Array.from(gradient, (g) => -0.001 * g) },
      next_memory: { shape: [...GRID, MEMORY], data: new Float32Array(24).fill(asked.length) },
      ood_score: { shape: [1], data: Float32Array.of(0.25) },
    };
  });
}

function create(handle: InferenceHandle, settings = {}) {
  const inference = new FakeInference({ 'learned-direction': handle });
  return createPlugin(plugin, settings, fakeServices({ inference }));
}

/** Advice by question of the recorded run: a coarse stage at 6.5 Gy, then the finest at 2.5 Gy, 12 iterations each. */
async function play(settings = {}, asked: ModelTensors[] = []) {
  const played = await playRun(
    'step-direction',
    await create(downhill(asked), settings),
    recordedRun(),
  );
  return played.map(({ advice }) => advice);
}

describe('learned-direction', () => {
  it('advises the finest level only, a few steps from the first curvature pair', async () => {
    const advice = await play({ steps: 4 });
    const isAdvised = advice.map((answer) => answer !== undefined);
    expect(isAdvised).toEqual([
      ...new Array(13).fill(false),
      ...new Array(4).fill(true),
      ...new Array(7).fill(false),
    ]);
    expect(advice[13]).toMatchObject({
      space: 'weights',
      stepLength: 1,
      outOfDistributionScore: 0.25,
    });
  });

  it.each([{ highest_sigma_gy: 2 }, { lowest_sigma_gy: 3 }])(
    'leaves a stage outside its sigmas alone: %o',
    async (settings) => {
      expect((await play(settings)).every((answer) => answer === undefined)).toBe(true);
    },
  );

  it('tells the model the moment, and hands its memory back', async () => {
    const asked: ModelTensors[] = [];
    await play({ steps: 2 }, asked);
    const [first, second] = asked;
    const run = recordedRun().filter(({ kind }) => kind === 'iteration');
    const [start, before, now] = run.slice(12, 15).map((event) => {
      if (event.kind !== 'iteration') throw new Error('no iteration');
      return event;
    });
    const close = (data: Iterable<number> | undefined, wanted: readonly number[]) => {
      const values = [...(data ?? [])];
      expect(values).toHaveLength(wanted.length);
      wanted.forEach((value, i) => {
        expect(values[i]).toBeCloseTo(value, 6);
      });
    };
    const of = (iteration: Iteration | undefined, kind: 'weights' | 'gradient' | 'direction') => [
      ...(iteration?.tensors[kind]?.data ?? []),
    ];
    const nothing = new Array(8).fill(0);
    const change = (to: Iteration | undefined, from: Iteration | undefined) =>
      of(to, 'gradient').map((g, i) => g - (of(from, 'gradient')[i] ?? 0));
    expect(Object.keys(first ?? {})).toHaveLength(11);
    expect(first?.['steps']?.shape).toEqual([PAIRS, ...GRID]);
    // The weights at the start of the stage are known, the gradient there is not.
    close(first?.['steps']?.data, [...of(before, 'direction'), ...of(start, 'direction')]);
    close(first?.['gradient_changes']?.data, [...change(before, start), ...nothing]);
    close(first?.['context']?.data, [before?.objective ?? 0, 2.5, 0]);
    expect(first?.['memory']).toEqual({ shape: [...GRID, MEMORY], data: new Float32Array(24) });
    close(second?.['weights']?.data, of(now, 'weights'));
    close(second?.['steps']?.data, [...of(now, 'direction'), ...of(before, 'direction')]);
    close(second?.['gradient_changes']?.data, [...change(now, before), ...change(before, start)]);
    close(second?.['context']?.data, [now?.objective ?? 0, 2.5, 1]);
    expect(second?.['memory']?.data).toEqual(new Float32Array(24).fill(1));
  });

  it('keeps no more pairs than the model looks at', async () => {
    const asked: ModelTensors[] = [];
    await play({ steps: 5 }, asked);
    expect(asked.map(({ steps }) => steps?.data.length)).toEqual(new Array(5).fill(PAIRS * 8));
    expect(asked.at(-1)?.['gradient_changes']?.data.every((value) => value !== 0)).toBe(true);
  });

  it('remembers nothing across stages', async () => {
    const asked: ModelTensors[] = [];
    const events = finest(5).concat(finest(2.5).slice(1));
    await playRun(
      'step-direction',
      await create(downhill(asked), { steps: 2, highest_sigma_gy: 5 }),
      events,
    );
    expect(asked.map(({ memory }) => memory?.data[0])).toEqual([0, 1, 0, 3]);
    expect(asked.map(({ context }) => context?.data[1])).toEqual([5, 5, 2.5, 2.5]);
  });

  it('is silent for the rest of a stage when a step was refused', async () => {
    const asked: ModelTensors[] = [];
    const events = finest(2.5);
    const refused: SessionEvent = {
      kind: 'receipt',
      verdict: 'step-not-acceptable',
      level: 0,
      iteration: 0,
    };
    await playRun('step-direction', await create(downhill(asked)), [
      ...events.slice(0, 5),
      refused,
      ...events.slice(5),
    ]);
    expect(asked).toHaveLength(2);
  });

  it('says nothing when the model stays where it is', async () => {
    const still = model(() => ({
      step: { shape: GRID, data: new Float32Array(8) },
      next_memory: { shape: [...GRID, MEMORY], data: new Float32Array(24) },
      ood_score: { shape: [1], data: Float32Array.of(0) },
    }));
    const played = await playRun('step-direction', await create(still), finest(2.5));
    expect(played.every(({ advice }) => advice === undefined)).toBe(true);
  });

  it('needs weights and gradients that cover the beams', async () => {
    const session = (await create(downhill([]))).openSession(opened(fakePlan()));
    session.observe?.(start(2.5));
    const asking = (iteration: Iteration) => {
      session.observe?.(iteration);
      return session.advise(iteration, signal);
    };
    const short = { shape: [4], data: new Float64Array(4) };
    await expect(asking({ ...step(), tensors: {} })).rejects.toThrow(InvalidInput);
    const wrong = { ...step(), tensors: { weights: short, gradient: short } };
    expect(await asking(wrong)).toBeUndefined();
    await expect(asking(wrong)).rejects.toThrow(InvalidInput);
  });

  it.each([
    ['dH', fakePlan({ solver: 'dh' })],
    ['another weight ceiling', fakePlan({ weightCeiling: 0.3 })],
  ])('does not advise %s', async (_what, plan) => {
    const created = await create(downhill([]));
    expect(() => created.openSession(opened(plan))).toThrow(NotApplicable);
  });

  it('refuses a model that does not say what it keeps', async () => {
    const { signature, ...rest } = downhill([]);
    const inputs = signature.inputs.map((input) => ({ ...input, shape: [] }));
    const vague = { ...rest, signature: { ...signature, inputs } };
    await expect(create(vague)).rejects.toThrow(ModelUnavailable);
  });
});

/** The geometry and a stage at the finest level, at a sigma. */
function finest(sigmaGy: number): readonly SessionEvent[] {
  const [geometry, ...events] = recordedRun();
  const from = events.findLastIndex(({ kind }) => kind === 'level-start');
  const stage = events
    .slice(from)
    .map((event) =>
      event.kind === 'level-start' ? { ...event, histogramSigmaGy: sigmaGy } : event,
    );
  if (geometry === undefined) throw new Error('the recorded run is not empty');
  return [geometry, ...stage];
}

function start(sigmaGy: number): LevelStart {
  const event = finest(sigmaGy)[1];
  if (event?.kind !== 'level-start') throw new Error('no level start');
  return event;
}

function step(): Iteration {
  const event = finest(2.5)[2];
  if (event?.kind !== 'iteration') throw new Error('no iteration');
  return event;
}

/** A view of a plan whose geometry is there and whose finest stage runs. */
function opened(plan: ReturnType<typeof fakePlan>) {
  const view = fakeSession(plan);
  for (const event of finest(2.5).slice(0, 2)) view.add(event);
  return view;
}
