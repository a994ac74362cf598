import { HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type {
  ActivationFault,
  ConfigActivator,
  PreparedConfig,
} from '../../domain/operations/activation.js';
import type {
  ChangeOrigin,
  ChangeReport,
  ConfigChange,
  SettingDifference,
} from '../../domain/operations/operations.js';
import { yieldToEventLoop } from '../../system/yield-to-event-loop.js';
import { diffConfig } from '../diff-config.js';
import { sha256Of } from '../edit/config-files.js';
import { needsRestart } from '../edit/describe-change.js';
import type { Proposal } from '../edit/propose-text.js';
import { checkCertificates, formatFault, type LoadedConfig, parseConfig } from '../read-config.js';
import { formatPath } from '../yaml-document.js';
import type { ActiveConfig, LiveConfigOptions } from './live-parts.js';

/** A text that may become the next generation. */
export interface Candidate extends Proposal {
  readonly what: string;
  readonly origin: ChangeOrigin;
  readonly isDryRun: boolean;
  /** It is in the file already. */
  readonly isFromFile: boolean;
  readonly expected?: Extract<ConfigChange, { kind: 'use' }> | undefined;
}

export interface PreparedCandidate {
  readonly report: ChangeReport;
  /** Undefined when nothing differs, so that nothing was loaded. */
  readonly prepared: PreparedConfig | undefined;
  readonly next: ActiveConfig | undefined;
}

/** One text on its way to being in force. */
export class CandidateConfig {
  readonly #candidate: Candidate;
  readonly #active: ActiveConfig;
  readonly #options: LiveConfigOptions;

  constructor(candidate: Candidate, active: ActiveConfig, options: LiveConfigOptions) {
    this.#candidate = candidate;
    this.#active = active;
    this.#options = options;
  }

  /** Validates, loads and warms up. @throws HostError naming every fault with file, line and path. */
  async prepare(activator: ConfigActivator): Promise<PreparedCandidate> {
    const { text, isDryRun, isFromFile, expected } = this.#candidate;
    const { file, override, wallMs } = this.#options;
    const { generation } = this.#active.config;
    await yieldToEventLoop();
    const loaded = parseConfig(text, file, generation + 1);
    const differences = diffConfig(this.#active.loaded.raw, loaded.raw);
    this.#checkSideEffects(differences);
    // Not in force before the next start, which must not be the first to find a fault.
    if (differences.some(({ path }) => path.includes('.tls'))) {
      await checkCertificates(loaded, wallMs());
    }
    await yieldToEventLoop();
    const isSameText = text === this.#active.text.text;
    const report: ChangeReport = {
      generation,
      isApplied: false,
      differences,
      needsRestart: differences.map(({ path }) => path).filter(needsRestart),
    };
    // A file may have other comments, or the same text and new plugins; a command that changes nothing ends here.
    if (differences.length === 0 && !isFromFile && expected?.pluginVersion === undefined) {
      return { report, prepared: undefined, next: undefined };
    }
    const config = override(loaded.config);
    const prepared = await activator.prepare(config);
    try {
      this.#checkFaults(prepared.faults, loaded);
      if (expected !== undefined) checkVersion(prepared, expected);
    } catch (thrown) {
      await prepared.discard();
      throw thrown;
    }
    const isApplied = !isDryRun && !(isSameText && !prepared.isDifferent);
    const next = { loaded, config, text: { text, sha256: sha256Of(text) } };
    return {
      report: { ...report, isApplied, generation: isApplied ? generation + 1 : generation },
      prepared,
      next,
    };
  }

  /** Writes the file and its history. @throws HostError; what was written is taken back then. */
  async keep(report: ChangeReport, log: Log): Promise<void> {
    const { text, what, origin, isFromFile } = this.#candidate;
    const { file, files, history, wallMs } = this.#options;
    const { text: former } = this.#active;
    const sha256 = sha256Of(text);
    const { generation, differences } = report;
    const { who, why, via } = origin;
    const record = { generation, atMs: wallMs(), what, differences, who, why, via, sha256 };
    if (!isFromFile) await files.replace(file, text, former.sha256);
    try {
      await history.add(record, text);
    } catch (thrown) {
      if (!isFromFile) {
        await files.replace(file, former.text, sha256);
        throw thrown;
      }
      // The edit is what somebody wants; that it is not kept must not undo it.
      log.warn('generation not kept', { generation, err: thrown });
      history.addUnkept(record);
    }
  }

  /** An anchor gives one node several places: an edit of one would change the others unasked. */
  #checkSideEffects(differences: readonly SettingDifference[]): void {
    const { paths } = this.#candidate;
    const beside = differences.find(
      ({ path }) =>
        paths?.every((allowed) => path !== allowed && !path.startsWith(`${allowed}.`)) ?? false,
    );
    if (beside === undefined) return;
    const problem = `it would change ${beside.path} as well`;
    const path = paths?.join(', ') ?? '';
    throw new HostError('config-not-editable', { file: this.#options.file, path, problem });
  }

  #checkFaults(faults: readonly ActivationFault[], { lineOf }: LoadedConfig): void {
    // What was off before stays off: it must not keep operators from changing something else.
    const fresh = faults.filter(({ isOld }) => !isOld);
    if (fresh.length === 0) return;
    const lines = fresh.map(({ path, error }) => {
      const fault = { line: lineOf(path), path: formatPath(path) };
      return formatFault(this.#options.file, {
        ...fault,
        problem: `${error.message} (${error.code})`,
      });
    });
    throw new HostError('config-refused', { count: fresh.length, faults: lines.join('\n') });
  }
}

function checkVersion(
  { bindings }: PreparedConfig,
  { role, plugin, pluginVersion: wanted }: Extract<ConfigChange, { kind: 'use' }>,
): void {
  const installed = bindings.find((binding) => binding.role === role)?.pluginVersion ?? '';
  if (wanted === undefined || installed === wanted) return;
  throw new HostError('plugin-version', { plugin, installed, wanted });
}
