import { expect, it, onTestFinished } from 'vitest';
import { PlanCounts } from '../../domain/session/plan-counts.js';
import {
  counted,
  fakeOpening,
  finishEvent,
  playEvents,
} from '../../domain/testing/play-session.js';
import type { LivePlanView } from '../live/plan-views.js';
import { binding, startHttp } from '../testing/http-fixture.js';

const curve = {
  structure: 0,
  dosesGy: Float64Array.of(0, 70),
  volumeFractions: Float64Array.of(1, 0.5),
};
const slice = {
  plane: 'coronal',
  doseGy: { shape: [2, 3], data: Float64Array.of(0, 10, 20, 30, 40, 50) },
  rowSpacingMm: 2,
  columnSpacingMm: 3,
} as const;
const unadvised = {
  referenceObjective: 1.5,
  callEquivalents: 80,
  metrics: [{ structure: 0, name: 'D95', value: 66.5, unit: 'Gy' }],
  curves: [curve],
};

/** A host that shows one plan, which has ended. */
async function withPlan(label = 'phantom 7') {
  const http = await startHttp(onTestFinished);
  const counts = new PlanCounts();
  const watched = http.live.observe({
    sessionId: 'one',
    opening: fakeOpening({ label, client: '<b>client' }),
    generation: 7,
    bindings: [binding],
    counts,
    recordedIn: 'trajectories/one',
  });
  const plan = counted(counts, watched);
  playEvents(plan);
  plan.event({ ...finishEvent, curves: [curve], slices: [slice], unadvised });
  const provenance = {
    host: 'dh-advisor 1',
    sessionId: 'one',
    generation: 7,
    arm: '',
    bindings: [],
    quality: 'balanced',
    resumptions: 0,
    answers: 3,
    journalSha256: 'fedc'.repeat(16),
  } as const;
  const summary = { outcomes: [], verdicts: [], hostMs: 1, isOutcomeKept: true, provenance };
  plan.answered({ kind: 'summary', summary });
  plan.close('finished');
  return http;
}

it('tells a plan with its label, curves, goals and the plan without advice', async () => {
  const { get } = await withPlan();
  const view = (await (await get('/api/plans/one')).json()) as LivePlanView;
  expect(view).toMatchObject({
    label: 'phantom 7',
    quality: 'balanced',
    standing: { kind: 'ended', why: '' },
    recordedIn: 'trajectories/one',
    journalSha256: 'fedc'.repeat(16),
  });
  expect(view.finish?.curves).toEqual([
    { structure: 'PTV70', structureRole: 'target', dosesGy: [0, 70], volumeFractions: [1, 0.5] },
  ]);
  expect(view.finish?.unadvised).toMatchObject({ referenceObjective: 1.5 });
  expect(view.finish?.goals[0]).toMatchObject({ structure: 'PTV70', prescribedDoseGy: 70 });
  expect(view.finish?.slices).toEqual([
    { plane: 'coronal', rows: 2, columns: 3, mostGy: 50, widthMm: 9, heightMm: 4 },
  ]);
  expect(view.stages[0]?.name).toMatch(/sigma .* Gy$/);
});

it('draws a slice, and says which there are', async () => {
  const { get } = await withPlan();
  const picture = await get('/api/plans/one/slices/coronal');
  expect(picture.headers.get('content-type')).toBe('image/png');
  const bytes = Buffer.from(await picture.arrayBuffer());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  // Width and height as the file's header has them.
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([3, 2]);
  const missing = await get('/api/plans/one/slices/axial');
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({
    code: 'slice-missing',
    message: expect.stringContaining('It has: coronal.'),
  });
  expect((await get('/api/plans/two/slices/axial')).status).toBe(404);
});

it('makes one file that loads nothing, runs nothing and cannot be broken out of', async () => {
  const { get } = await withPlan('<script>alert(1)</script>');
  const answer = await get('/api/plans/one/report');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="plan-one.html"');
  const html = await answer.text();
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toMatch(/<script|<b>|https?:|src="(?!data:)|url\(/);
  expect(html).toContain('data:image/png;base64,');
  expect(html.match(/<svg/g)).toHaveLength(2);
  expect(html).toContain('69.5 <span class="quiet">(66.5)</span>');
  expect(html).toContain('trajectories/one');
  for (const word of ['answered', 'nothing to say', 'held back', 'used', 'not used']) {
    expect(html).toContain(`<th>${word}</th>`);
  }
  expect(html).toContain('Research software');
});

it('reports a plan that has only begun', async () => {
  const { get, live } = await startHttp(onTestFinished);
  const opening = fakeOpening({ label: '' });
  live.observe({
    sessionId: 'new',
    opening,
    generation: 7,
    bindings: [],
    counts: new PlanCounts(),
  });
  const html = await (await get('/api/plans/new/report')).text();
  expect(html).toContain('<h1>Plan new</h1>');
  expect(html).toContain('No iteration yet.');
  expect(html).toContain('No role that it can use is on.');
});
