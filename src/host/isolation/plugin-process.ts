import type { Manifest } from '../../plugin-sdk/index.js';
import type { Pipe } from './plugin-protocol.js';

/** Which process is wanted. */
export interface PluginProcessSpec {
  readonly manifest: Manifest;
  /** Absolute. */
  readonly folder: string;
  /** The interpreter of plugins in Python. */
  readonly python: string;
  /** What the process may take; the launcher tells the runtime where it can. */
  readonly memoryMb: number;
}

export interface PluginProcessEvents {
  readonly onData: (chunk: Buffer) => void;
  /** What the plugin prints, by lines. */
  readonly onPrinted: (line: string) => void;
  /** It is gone, for whatever reason, or could not be started. Called once. */
  readonly onExit: (problem: string) => void;
}

/** A process that runs one plugin. */
export interface PluginProcess {
  readonly pipe: Pipe;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** What waits to be read by it. */
  waitingBytes(): number;
  /** Resident memory; undefined where the machine doesn't tell. */
  memoryBytes(): number | undefined;
  /** Ends it at once. */
  kill(): void;
}

export type StartPluginProcess = (
  spec: PluginProcessSpec,
  events: PluginProcessEvents,
) => PluginProcess;
