import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Arm, aloneArm, armNamed, type StartSource } from '../arms/arms.js';
import { sha256 } from '../fingerprint.js';
import { hashPrograms, type Programs } from '../programs.js';
import { HostPool } from './arm-host.js';
import type { EvaluationCase } from './cases.js';
import { HostConfigurations, refusalOf } from './host-configuration.js';
import { RunLog } from './run-log.js';
import { runPlan } from './run-plan.js';
import type { Pass, RunKey, RunRecord } from './run-record.js';
import { type Start, StartMaker } from './start-maker.js';
import { readPlan } from './starts.js';

export interface RunsWanted {
  readonly arms: readonly Arm[];
  readonly cases: readonly EvaluationCase[];
  readonly repeats: number;
  /** Repeats of the pass in which one plan runs at a time; 0 leaves it out. */
  readonly timingRepeats: number;
  /** Patients whose plans some arms start from; none makes those arms unavailable. */
  readonly training: readonly EvaluationCase[];
  readonly jobs: number;
  readonly planOptions: readonly string[];
  readonly config: string;
  readonly out: string;
}

export interface Failure extends RunKey {
  readonly message: string;
}

export interface RunsMade {
  readonly records: readonly RunRecord[];
  readonly failures: readonly Failure[];
  readonly unavailable: readonly { readonly arm: string; readonly reason: string }[];
  /** Runs made now; the others were there already. */
  readonly made: number;
}

interface Task extends RunKey {
  readonly of: Arm;
  readonly path: string;
  readonly planOptions: readonly string[];
  readonly fingerprint: string;
  readonly start?: Start | undefined;
}

const startsFromTraining = ({ start }: Arm): boolean =>
  start !== undefined && start.from !== 'best';

/** Who plans the training patients. */
const TRAINED_BY = aloneArm('lbfgs');

const LEARN_ONLY = new Set(['oracle', 'long']);

/** Makes the runs that are not in OUT/runs.jsonl yet, in phases: what stands alone, what starts from it, timings. */
export class RunMaker {
  readonly #wanted: RunsWanted;
  readonly #report: (line: string) => void;
  readonly #log: RunLog;
  readonly #configurations: HostConfigurations;
  readonly #programs: Programs;
  readonly #hosts = new HostPool();
  readonly #starts: StartMaker;
  readonly #records: RunRecord[] = [];
  readonly #failures: Failure[] = [];
  #made = 0;

  constructor(wanted: RunsWanted, report: (line: string) => void) {
    this.#wanted = wanted;
    this.#report = report;
    this.#log = new RunLog(join(wanted.out, 'runs.jsonl'));
    if (this.#log.unreadable > 0) {
      report(`${this.#log.unreadable} torn line(s) in runs.jsonl: those runs are made again`);
    }
    this.#configurations = new HostConfigurations(wanted.config, join(wanted.out, 'hosts'));
    this.#starts = new StartMaker(join(wanted.out, 'starts'));
    this.#programs = hashPrograms(this.#configurations.modelsDirectory);
  }

  async make(): Promise<RunsMade> {
    const unavailable = await this.#unavailable();
    const off = new Set(unavailable.map(({ arm }) => arm));
    const arms = this.#wanted.arms.filter(({ name, derived }) => !derived && !off.has(name));
    const { repeats, timingRepeats, jobs } = this.#wanted;
    const alone = arms.filter(({ start }) => start === undefined);
    await this.#phase('counts', alone, repeats, jobs);
    const starting = arms.filter(({ start }) => start !== undefined);
    if (starting.some(startsFromTraining)) await this.#planTraining();
    await this.#phase('counts', starting, repeats, jobs);
    const timed = arms.filter(({ kind }) => !LEARN_ONLY.has(kind));
    await this.#phase('timing', timed, timingRepeats, 1);
    return { records: this.#records, failures: this.#failures, unavailable, made: this.#made };
  }

  async #unavailable(): Promise<{ arm: string; reason: string }[]> {
    const found: { arm: string; reason: string }[] = [];
    for (const arm of this.#wanted.arms) {
      const reason = this.#lack(arm) ?? (await this.#refusal(arm));
      if (reason === undefined) continue;
      found.push({ arm: arm.name, reason });
      this.#report(`${arm.name}: unavailable: ${reason}`);
    }
    return found;
  }

  #lack(arm: Arm): string | undefined {
    if (!startsFromTraining(arm) || this.#wanted.training.length > 0) return undefined;
    return 'starts from plans of training patients; give --training';
  }

  /** Plans of the training patients by the best classical arm, kept like all other runs. */
  async #planTraining(): Promise<void> {
    const out = join(this.#wanted.out, 'training');
    const wanted = {
      ...this.#wanted,
      out,
      arms: [armNamed(TRAINED_BY)],
      cases: this.#wanted.training,
      repeats: 1,
      timingRepeats: 0,
      training: [],
    };
    const maker = new RunMaker(wanted, (line) => this.#report(`training: ${line}`));
    const { records } = await maker.make();
    this.#starts.learn(
      records.map((record) => ({ id: record.case, plan: readPlan(maker.#resultFile(record)) })),
    );
  }

  async #refusal(arm: Arm): Promise<string | undefined> {
    if (this.#configurations.pluginsOf(arm).size === 0) return undefined;
    return refusalOf(this.#configurations.write(arm, 'counts'));
  }

  async #phase(pass: Pass, arms: readonly Arm[], repeats: number, jobs: number): Promise<void> {
    const tasks = arms.flatMap((arm) =>
      this.#wanted.cases.flatMap((of) =>
        Array.from({ length: repeats }, (_, repeat) => this.#task(pass, arm, of, repeat)),
      ),
    );
    const missing: Task[] = [];
    for (const task of tasks.filter((candidate) => candidate !== undefined)) {
      const record = this.#log.find(task, task.fingerprint);
      const isThere = record && (pass === 'timing' || existsSync(this.#resultFile(task)));
      if (isThere) this.#records.push(record);
      else missing.push(task);
    }
    for (const { of } of missing) {
      if (this.#hasHost(of)) this.#hosts.expect(this.#configurations.write(of, pass), 1);
    }
    const limit = pLimit(jobs);
    let done = 0;
    const run = async (task: Task) => {
      const said = await this.#run(task);
      done += 1;
      this.#report(`${pass} ${done}/${missing.length} ${task.arm} ${task.case}: ${said}`);
    };
    await Promise.all(missing.map((task) => limit(run, task)));
  }

  #hasHost = (arm: Arm): boolean => this.#configurations.pluginsOf(arm).size > 0;

  #resultFile({ pass, arm, case: id, repeat }: RunKey): string {
    return join(this.#wanted.out, 'results', pass, arm, `${id}-${repeat}.json`);
  }

  #task(pass: Pass, arm: Arm, of: EvaluationCase, repeat: number): Task | undefined {
    const key = { pass, arm: arm.name, case: of.id, repeat };
    const start = arm.start && this.#start(key, arm.start);
    if (start === undefined && arm.start) return undefined;
    const { rtmodelSha256, hostSha256, modelsSha256 } = this.#programs;
    const host = this.#hasHost(arm)
      ? [hostSha256, modelsSha256, this.#configurations.text(arm, pass)]
      : [];
    const inputs = [rtmodelSha256, of.sha256, start?.sha256 ?? '', ...host];
    const planOptions = [...this.#wanted.planOptions, ...(of.planOptions ?? [])];
    const options = [arm.solver, ...arm.options, ...planOptions];
    const fingerprint = sha256(...inputs, ...options);
    return { ...key, of: arm, path: of.path, planOptions, fingerprint, start };
  }

  /** Undefined, and a failure, when there is no plan to start from. */
  #start(key: RunKey, source: StartSource): Start | undefined {
    const [best] = this.#records
      .filter((record) => record.pass === 'counts' && record.case === key.case && !record.start)
      .toSorted((a, b) => a.result.reference_objective - b.result.reference_objective);
    const known = best && { arm: best.arm, resultFile: this.#resultFile(best) };
    const start = this.#starts.make(key, source, known);
    if (!start) this.#failures.push({ ...key, message: 'there is no plan to start from' });
    return start;
  }

  async #run(task: Task): Promise<string> {
    const { pass, arm, case: id, repeat, of, path, fingerprint, start } = task;
    const hasHost = this.#hasHost(of);
    const configFile = hasHost ? this.#configurations.write(of, pass) : '';
    const resultFile = this.#resultFile(task);
    try {
      const { commandLine, processMs, result } = await runPlan({
        arm: of,
        casePath: path,
        pass,
        resultFile,
        planOptions: task.planOptions,
        startFile: start?.file,
        address: hasHost ? await this.#hosts.address(configFile) : undefined,
        plugins: this.#configurations.pluginsOf(of),
      });
      const { program, ...kept } = result;
      const record: RunRecord = {
        format: 'evaluate-run',
        version: 1,
        pass,
        arm,
        case: id,
        repeat,
        fingerprint,
        programs: { rtmodel: program, ...this.#programs },
        commandLine,
        processMs,
        ...(start && { start: { from: start.from, of: start.of } }),
        result: kept,
      };
      this.#log.add(record);
      this.#records.push(record);
      this.#made += 1;
      const { total, reference_objective } = kept;
      return `${total.call_equivalents} call-equivalents, F_ref ${reference_objective.toFixed(3)}, ${total.total_ms.toFixed(0)} ms`;
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      const message = text.replaceAll(/\s*\n\s*/g, ' ');
      this.#failures.push({ pass, arm, case: id, repeat, message });
      return `failed: ${message}`;
    } finally {
      // Only the counting pass is looked at again.
      if (pass === 'timing') rmSync(resultFile, { force: true });
      if (hasHost) await this.#hosts.release(configFile);
    }
  }
}
