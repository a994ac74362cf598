import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { AdviceStop, ChangeOrigin, StopStore } from '../../domain/operations/operations.js';
import { z } from '../../plugin-sdk/index.js';
import { writeWhole } from '../../system/whole-file.js';
import type { GenerationHistory } from './generation-history.js';

const stopSchema = z.object({
  who: z.string(),
  why: z.string(),
  via: z.enum(['command', 'page', 'file']),
  sinceMs: z.number(),
});

/**
 * The kill switch, in a file of its own beside the generations: it must work when the configuration is faulty or being edited,
 * and it must not depend on anything that a new generation depends on.
 */
export class StopFile implements StopStore {
  readonly #file: string;
  readonly #directory: string;
  readonly #history: GenerationHistory;
  readonly #wallMs: () => number;

  constructor(directory: string, history: GenerationHistory, wallMs: () => number) {
    this.#directory = directory;
    this.#file = join(directory, 'advice-stopped.json');
    this.#history = history;
    this.#wallMs = wallMs;
  }

  /** A file that cannot be read stops advice: whoever wrote it meant to. */
  load(): AdviceStop | undefined {
    try {
      return stopSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const why = `${this.#file} cannot be read: ${describeThrown(thrown)}`;
      return { who: 'unknown', why, via: 'file', sinceMs: this.#wallMs() };
    }
  }

  async save(stopped: AdviceStop | undefined, origin: ChangeOrigin): Promise<void> {
    await this.#write(stopped).catch((thrown: unknown) => {
      throw new HostError('stop-not-kept', { problem: describeThrown(thrown) }, { cause: thrown });
    });
    const event = stopped === undefined ? 'advice-resumed' : 'advice-stopped';
    await this.#history
      .note({ event, atMs: this.#wallMs(), ...origin })
      .catch((thrown: unknown) => {
        const problem = describeThrown(thrown);
        throw new HostError('stop-not-logged', { problem }, { cause: thrown });
      });
  }

  async #write(stopped: AdviceStop | undefined): Promise<void> {
    if (stopped === undefined) return rm(this.#file, { force: true });
    await mkdir(this.#directory, { recursive: true });
    await writeWhole(this.#file, `${JSON.stringify(stopped)}\n`);
  }
}
