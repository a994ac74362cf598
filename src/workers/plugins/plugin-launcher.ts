import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { IsolationServices } from '../../host/isolation/load-isolated.js';
import type {
  PluginProcessEvents,
  PluginProcessSpec,
  StartPluginProcess,
} from '../../host/isolation/plugin-process.js';
import { loadPluginProtocol, type PluginProtocol } from '../../host/isolation/plugin-protocol.js';
import { printedLines } from './printed-lines.js';

/** What a process needs to run at all, wherever it does. Anything else its plugin.json must name. */
const ALWAYS = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SYSTEMROOT'];

/** Numeric libraries start a thread for every processor; here one question is answered at a time beside a host that serves. */
const THREADS = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Prints at once, and finds no modules in the plugin's folder before the libraries'. */
const PYTHON = { PYTHONUNBUFFERED: '1', PYTHONSAFEPATH: '1' };

/** File descriptor of the pipe of messages. */
const PIPE = 3;
const PAGE_BYTES = 4096;
/** From the end of a process to that of what it printed. */
const LAST_WORDS_MS = 1000;

/** The host's environment without its secrets: what every process needs, and what the plugin's manifest names. */
export function pluginEnvironment(
  names: readonly string[],
  all: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const kept = [...ALWAYS, ...names].flatMap((name) => {
    const value = all[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...THREADS, ...PYTHON, ...Object.fromEntries(kept) };
}

/** @param script The compiled `plugin-worker.js`. */
export function isolatedPlugins(script: string, protoDirectory: string): IsolationServices {
  let protocol: PluginProtocol | undefined;
  return {
    start: pluginsInProcesses(script, protoDirectory),
    protocol: () => {
      protocol ??= loadPluginProtocol(protoDirectory);
      return protocol;
    },
  };
}

function pluginsInProcesses(script: string, protoDirectory: string): StartPluginProcess {
  return (spec, events) => {
    const child = launch(spec, script, protoDirectory);
    return watch(child, events);
  };
}

function launch(
  { manifest, folder, python, memoryMb }: PluginProcessSpec,
  script: string,
  protoDirectory: string,
): ChildProcess {
  const [command, args] =
    manifest.runtime === 'python'
      ? [python, ['-m', 'dh_advisor_plugin.process']]
      : [process.execPath, [`--max-old-space-size=${memoryMb}`, script, protoDirectory]];
  return spawn(command, args, {
    cwd: folder,
    env: pluginEnvironment(manifest.environment, process.env),
    // What a plugin prints never gets among its messages.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
}

function watch(child: ChildProcess, events: PluginProcessEvents): ReturnType<StartPluginProcess> {
  const pipe = child.stdio[PIPE] as Duplex;
  let isOver = false;
  let late: NodeJS.Timeout | undefined;
  const end = (problem: string) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(late);
    pipe.destroy();
    events.onExit(problem);
  };
  pipe.on('data', (chunk: Buffer) => events.onData(chunk));
  // That it is gone is told by its end; one that closed its pipe and goes on is of no use.
  pipe.on('error', () => child.kill('SIGKILL'));
  pipe.on('end', () => child.kill('SIGKILL'));
  for (const printed of [child.stdout, child.stderr]) {
    if (printed) printedLines(printed, (line) => events.onPrinted(line));
  }
  child.on('error', (thrown) => end(`it cannot be started: ${thrown.message}`));
  // After what it printed has been read, its last words among it.
  child.on('close', (code, signal) =>
    end(signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`),
  );
  // A process of the plugin's own may hold what was printed open.
  child.on('exit', (code, signal) => {
    late = setTimeout(() => end(`it ended with ${signal ?? `status ${code}`}`), LAST_WORDS_MS);
  });
  return {
    pipe,
    pid: child.pid,
    waitingBytes: () => pipe.writableLength,
    memoryBytes: () => residentBytes(child.pid),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Of a process; undefined where the machine doesn't tell it so, or the process has gone. */
function residentBytes(pid: number | undefined): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
    return Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
