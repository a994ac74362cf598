// Plans advised by plugins in processes of their own, in both languages, are bit for bit those that the same plugins advise in the
// process of the host.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult, roleOf } from '../support/rtmodel.js';

const folders = ['plugins', 'faulty-plugins', 'isolated-plugins'];
const directories = folders.map((name) => `'${join(root, 'test/fixtures', name)}'`).join(', ');
/** With `dh-advisor-plugin`, as scripts/setup makes it. */
const python = join(root, '.venv/bin/python');

const phantom = new PhantomCase();
let host: HostProcess | undefined;

beforeAll(() => phantom.create());
afterEach(() => host?.stop());
afterAll(() => phantom.dispose());

async function start(roles: string, isolation: string): Promise<HostProcess> {
  const plugins = `{ directories: [${directories}], isolation: { ${isolation}, python: '${python}' } }`;
  // So that stops pass.
  const more = 'optimization: { convergence_threshold: 0.5 }';
  host = new HostProcess(roles, more, {}, '', '', plugins);
  return host.start();
}

async function planned(
  roles: string,
  isolation: string,
  iterations = 60,
  args: readonly string[] = [],
): Promise<PlanResult> {
  const { address } = await start(roles, isolation);
  const options = [`--advisor=${address}`, ...PATIENT_CLIENT, ...args];
  const result = await phantom.optimize(options, iterations);
  expect(await host?.stop()).toBe(0);
  return result;
}

const role = (name: string, plugin: string, settings = '{}') =>
  `  ${name}: { plugin: ${plugin}, settings: ${settings}, deadline_ms: 10000 }\n`;

it.each([
  {
    name: 'early-stopping',
    typescript: 'plateau',
    twin: 'plateau-python',
    settings: '{ window: 12, relative_gain: 0.002 }',
    // Long enough for a stop that the optimizer takes.
    iterations: 1000,
    args: ['--solver=lbfgs', '--quality=balanced'],
  },
  {
    name: 'step-direction',
    typescript: 'steepest-descent',
    twin: 'steepest-descent-python',
    settings: '{}',
    iterations: 60,
    args: [],
  },
])(
  '$name: the same plan inline, in a process, and from Python',
  async ({ name, typescript, twin, settings, iterations, args }) => {
    const ours = role(name, typescript, settings);
    const inline = await planned(ours, 'default: inline', iterations, args);
    const apart = await planned(ours, `process: [${typescript}]`, iterations, args);
    const other = role(name, twin, settings);
    const inPython = await planned(other, 'default: process', iterations, args);
    for (const result of [apart, inPython]) {
      expect(result.advice.status).toBe('ok');
      expect(result.final_weights).toEqual(inline.final_weights);
      expect(result.reference_objective).toBe(inline.reference_objective);
      expect(roleOf(result, name)?.verdicts).toEqual(roleOf(inline, name)?.verdicts);
    }
    expect(roleOf(inline, name)?.accepted).toBeGreaterThan(0);
  },
  90_000,
);

it.each(['faulty-process', 'faulty-process-python'])(
  'a `%s` that ends again and again leaves the advice of other roles as it is, to the bit',
  async (plugin) => {
    const direction = role('step-direction', 'steepest-descent');
    const alone = await planned(direction, 'default: process');
    const failing = role('early-stopping', plugin, '{ fault: exit, iteration: 3 }');
    const beside = await planned(direction + failing, 'default: process');
    expect(beside.advice.status).toBe('ok');
    expect(beside.final_weights).toEqual(alone.final_weights);
    expect(host?.log.filter(({ msg }) => msg === 'the process of a plugin has ended')).not.toEqual(
      [],
    );
  },
  90_000,
);
