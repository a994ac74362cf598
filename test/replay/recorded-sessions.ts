import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import {
  decodeRecording,
  encodeRecord,
  RECORDING_MAGIC,
  type StoredRecord,
} from '../../src/storage/recordings/journal/recording-format.js';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, type PhantomCase, type PlanResult } from '../support/rtmodel.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder of recordings, and the host that fills it. */
export class RecordingHost {
  readonly directory = mkdtempSync(join(tmpdir(), 'dh-advisor-replay-'));
  readonly host: HostProcess;

  constructor(roles: string, more = '', recording = '') {
    const keys = `enabled: true, directory: '${this.directory}'${recording}`;
    this.host = new HostProcess(roles, `recording: { ${keys} }\n${more}`);
  }

  async start(): Promise<this> {
    await this.host.start();
    return this;
  }

  /** Plans a case with the real optimizer; resolves when its trajectory is there. */
  async plan(phantom: PhantomCase, ...more: string[]): Promise<PlanResult> {
    const advisor = `--advisor=${this.host.address}`;
    const result = await phantom.optimize([advisor, '--may-record', ...PATIENT_CLIENT, ...more]);
    const folder = join(this.directory, result.advice.session_id);
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!existsSync(folder) || existsSync(`${folder}.recording`)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(this.directory, look);
      look();
    });
    return result;
  }

  journal(result: PlanResult): string {
    return join(this.directory, result.advice.session_id, 'journal.recording');
  }

  async dispose(): Promise<void> {
    await this.host.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Writes a recording anew, with other records. */
export function rewrite(
  file: string,
  change: (record: StoredRecord, index: number) => StoredRecord | undefined,
): void {
  const records = decodeRecording(readFileSync(file))?.records ?? [];
  const kept = records.flatMap((record, index) => change(record, index) ?? []);
  const bytes = kept.map(({ kind, header, atMs, vectors }) =>
    encodeRecord({
      kind,
      header,
      atMs,
      vectors: [...vectors].map(([name, { shape, data }]) => ({
        name,
        shape,
        data: Float64Array.from(data),
        type: data instanceof Float32Array ? ('float32' as const) : ('float64' as const),
      })),
    }),
  );
  writeFileSync(file, Buffer.concat([RECORDING_MAGIC, ...bytes]));
}

/** The compiled command, as a person runs it. */
export function replay(...args: string[]) {
  return execa('node', [join(root, 'dist/src/main.js'), 'replay', ...args], { reject: false });
}
