// Makes test/fixtures/trajectories anew: a small phantom planned by the real optimizer, recorded by the real host. Run
// it when the format of trajectories changes, after `npm run build` and the optimizer's build.
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = join(root, 'test/fixtures/trajectories');
const rtmodel = join(root, 'build/cpp/rtmodel/rtmodel');
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-fixture-'));
const recordings = join(work, 'recordings');

writeFileSync(
  join(work, 'host.yaml'),
  `version: 1
server: { address: '127.0.0.1:0' }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
recording: { enabled: true, directory: '${recordings}' }
roles:
  pyramid-sigma: { plugin: fixed-schedule, deadline_ms: 10000 }
  step-direction: { plugin: lbfgs, deadline_ms: 10000 }
  early-stopping: { plugin: plateau, deadline_ms: 10000 }
`,
);

const host = execa(
  'node',
  [join(root, 'dist/src/main.js'), 'serve', '-c', join(work, 'host.yaml')],
  {
    buffer: false,
    env: { DH_ADVISOR_RECORDING_SECRET: 'not a secret, for a fixture' },
  },
);
const lines = createInterface({ input: host.stdout });
let address = '';
while (address === '') {
  const [line] = await once(lines, 'line');
  const entry = JSON.parse(line);
  if (entry.msg === 'serving') address = entry.address;
}

await execa(rtmodel, ['phantom', '--kind=c-shape', '--seed=1', join(work, 'case')]);
await execa(rtmodel, [
  'optimize',
  join(work, 'case'),
  '--solver=dh',
  '--covariance=incremental',
  '--beams=5',
  '--beamlet-mm=10',
  '--max-iterations=5',
  `--advisor=${address}`,
  '--may-record',
  '--patient-key=c-shape-1',
  '--no-polish',
  '--iteration-deadline-ms=10000',
  '--start-deadline-ms=10000',
  '--threads=1',
  '--quiet',
  `--out=${join(work, 'result.json')}`,
]);
host.kill('SIGTERM');
await host;

const result = JSON.parse(readFileSync(join(work, 'result.json'), 'utf8'));
const expected = {
  session_id: result.advice.session_id,
  objective: result.objective,
  reference_objective: result.reference_objective,
  final_weights: result.final_weights,
  trace: {
    objective: result.trace.objective,
    level: result.trace.level,
    stage: result.trace.stage,
  },
};
rmSync(target, { recursive: true, force: true });
for (const name of readdirSync(recordings).filter((entry) => !entry.startsWith('.'))) {
  cpSync(join(recordings, name), join(target, name), { recursive: true });
}
writeFileSync(join(target, 'expected.json'), `${JSON.stringify(expected)}\n`);
rmSync(work, { recursive: true });
