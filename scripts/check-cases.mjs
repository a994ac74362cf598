// Plans real cases with the host and checks what must hold of every plan. Usage: check-cases.mjs FOLDER_OF_CASES
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ArmHosts } from './arm-hosts.mjs';
import { armsOf, planArm, readResult, summarize, tabulate } from './plan-arms.mjs';

// Small patients, so that dH alone ends in minutes with --full, too.
const CASES = [
  { id: 'pt_202', full: false },
  { id: 'pt_224', full: false },
  { id: 'pt_231', full: true },
];
// The non-inferiority margin of F_ref, set in advance; L-BFGS is stopped by advice, which may cost 2 % (ADR 0027).
const F_REF_MARGIN = { dh: 1.01, lbfgs: 1.02 };
const FRAME_VERDICTS = [
  'wrong-frame',
  'wrong-length',
  'not-finite',
  'duplicate',
  'late',
  'not-accepted-role',
];

// What is checked is what was answered, not how fast: a busy machine must not make an answer late.
const PATIENT = ['--iteration-deadline-ms=10000', '--start-deadline-ms=10000'];

const [casesFolder] = process.argv.slice(2);
if (casesFolder === undefined) {
  process.stderr.write('check-cases.mjs FOLDER_OF_CASES\n');
  process.exit(2);
}

const faults = [];
const check = (holds, what) => {
  if (!holds) faults.push(what);
};

function checkStagesFall(result, where) {
  const { stage, objective } = result.trace;
  for (let index = 0; index < result.stages.length; index += 1) {
    const values = objective.filter((_, i) => stage[i] === index);
    if (values.length < 2) continue;
    check(
      values.at(-1) < values[0],
      `${where}: stage ${index} did not fall (${values[0]} -> ${values.at(-1)})`,
    );
  }
}

function checkFrames(result, where) {
  for (const { role, verdicts } of result.advice.roles) {
    for (const verdict of FRAME_VERDICTS) {
      check(!verdicts[verdict], `${where}: ${verdicts[verdict]} x ${role} refused as ${verdict}`);
    }
  }
}

function checkHighestTarget(result, where) {
  const targets = result.structures.filter(({ role }) => role === 'target');
  const highest = targets.toSorted((a, b) => b.prescribed_dose_gy - a.prescribed_dose_gy)[0];
  const share = highest.metrics.D95 / highest.prescribed_dose_gy;
  check(
    share > 0.9,
    `${where}: D95 of ${highest.name} is ${(100 * share).toFixed(1)} % of its prescription`,
  );
}

const hosts = new ArmHosts([...armsOf(false), ...armsOf(true)], 'out/check/hosts', undefined);
try {
  await hosts.start();
  for (const { id, full } of CASES) {
    const folder = join('out/check', `${id}${full ? '-full' : ''}`);
    mkdirSync(folder, { recursive: true });
    const casePath = join(casesFolder, id);
    const arms = armsOf(full);
    const results = [];
    for (const arm of arms) {
      await planArm(arm, { casePath, folder, address: hosts.addressOf(arm), full, extra: PATIENT });
      const result = readResult(arm, folder);
      const where = `${id}${full ? ' --full' : ''} ${arm.name}`;
      checkStagesFall(result, where);
      checkFrames(result, where);
      check(
        arm.advice === false || result.advice.status === 'ok',
        `${where}: ${result.advice.status_message}`,
      );
      if (full) checkHighestTarget(result, where);
      results.push(result);
    }
    const summaries = summarize(arms, results);
    for (const { name, solver, fRefOverAlone } of summaries) {
      check(
        fRefOverAlone <= F_REF_MARGIN[solver],
        `${id}: ${name} ends at ${fRefOverAlone.toFixed(4)} of the F_ref of its solver alone`,
      );
    }
    process.stdout.write(`${id}${full ? ' --full' : ''}\n${tabulate(summaries)}\n`);
  }
} finally {
  hosts.stop();
}
for (const fault of faults) process.stderr.write(`check-cases: ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
