// What the demo and the checks compare: dH's program and L-BFGS, alone and advised by the host's plugins.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { execa } from 'execa';

export const RTMODEL = 'build/cpp/rtmodel/rtmodel';

// A level that comes to dH's limit of iterations ends there, where dH's program would write behind its matrices.
const PROGRAM = ['--fidelity=shipped', '--limit-to-beamlets'];

const COMMITTED = 'config/host.yaml';

/** `config`: what the host of its advised arm has, unless told. */
const SOLVERS = [
  { name: 'dh', title: "dH's program", solver: 'dh', options: PROGRAM, config: COMMITTED },
  {
    name: 'dh-reference',
    title: 'reference dH',
    solver: 'dh',
    // The full covariance makes its whole basis orthogonal anew at every iteration: ten minutes do not end it here.
    options: ['--covariance=incremental'],
    config: 'config/profiles/dh-reference.yaml',
  },
  { name: 'lbfgs', title: 'L-BFGS', solver: 'lbfgs', options: [], config: COMMITTED },
];

/** Each solver alone and with advice. The whole target is planned by the reference dH: dH's program has one row of beamlets. */
export const armsOf = (full) =>
  SOLVERS.filter(({ name }) => name !== (full ? 'dh' : 'dh-reference')).flatMap(
    ({ name, title, ...how }) => [
      { ...how, name, title: `${title} alone`, advice: false },
      { ...how, name: `${name}-advised`, title: `${title} with advice`, advice: true },
    ],
  );

export const resultFile = (arm, folder) => join(folder, `${arm.name}.json`);

/** Plans one arm into `folder`; `report` gets the optimizer's progress lines. */
export async function planArm(
  arm,
  { casePath, folder, address, full = false, extra = [], report = () => {} },
) {
  const child = execa(
    RTMODEL,
    [
      'optimize',
      casePath,
      `--solver=${arm.solver}`,
      ...arm.options,
      `--out=${resultFile(arm, folder)}`,
      ...(full ? ['--full'] : []),
      ...extra,
      ...(arm.advice ? [`--advisor=${address}`] : []),
    ],
    // The host is on this machine, whatever proxy leads out of it.
    { stdout: 'ignore', env: { no_grpc_proxy: '127.0.0.1,localhost' } },
  );
  for await (const line of child.iterable({ from: 'stderr' })) report(line);
  await child;
  if (arm.advice) requireSession(arm, readResult(arm, folder));
}

/** An arm that is called advised, and was not, would be compared as if it had been. */
function requireSession(arm, { advice }) {
  if (advice.session_id !== '') return;
  throw new Error(`${arm.name} had no session of the host: ${advice.missing}`);
}

export const readResult = (arm, folder) =>
  JSON.parse(readFileSync(resultFile(arm, folder), 'utf8'));

/** The reference objective of an advised arm over that of its solver alone; one where nothing was advised. */
function overAlone({ name, fRef }, arms) {
  const alone = arms.find((other) => `${other.name}-advised` === name);
  return alone === undefined ? 1 : fRef / alone.fRef;
}

/** What the demo's summary and the tables say of one arm. */
function summarizeArm(arm, result) {
  const { total, advice } = result;
  const sum = (key) => advice.roles.reduce((all, role) => all + role[key], 0);
  return {
    name: arm.name,
    solver: arm.solver,
    advice: arm.advice,
    iterations: total.iterations,
    valueCalls: total.value_calls,
    gradientCalls: total.gradient_calls,
    callEquivalents: total.call_equivalents,
    wallMs: total.total_ms,
    fRef: result.reference_objective,
    adviceApplied: sum('accepted'),
    adviceRefused: sum('refused'),
    metrics: Object.fromEntries(
      result.structures.map(({ name, role, prescribed_dose_gy, metrics }) => [
        name,
        { role, prescribedDoseGy: prescribed_dose_gy, ...metrics },
      ]),
    ),
  };
}

/** Arms with their results, in one order. */
export function summarize(arms, results) {
  const all = arms.map((arm, index) => summarizeArm(arm, results[index]));
  return all.map((arm) => ({ ...arm, fRefOverAlone: overAlone(arm, all) }));
}

export function tabulate(arms) {
  const targets = Object.entries(arms[0].metrics).flatMap(([name, { role }]) =>
    role === 'target' ? [name] : [],
  );
  const table = new Table({
    head: [
      'arm',
      'iterations',
      'call-equivalents',
      'ms',
      'F_ref',
      'over alone',
      ...targets.map((name) => `${name} D95 Gy`),
      'advice applied / refused',
    ],
    colAligns: ['left', ...new Array(6 + targets.length).fill('right')],
    style: { head: [], border: [], compact: true },
  });
  for (const arm of arms) {
    table.push([
      arm.name,
      arm.iterations,
      arm.callEquivalents.toFixed(0),
      arm.wallMs.toFixed(0),
      arm.fRef.toFixed(3),
      arm.fRefOverAlone.toFixed(3),
      ...targets.map((name) => arm.metrics[name].D95.toFixed(1)),
      arm.advice ? `${arm.adviceApplied} / ${arm.adviceRefused}` : '-',
    ]);
  }
  return table.toString();
}
