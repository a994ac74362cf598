import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describeThrown } from '../../domain/errors/host-error.js';
import { PluginChild } from '../../host/isolation/child/plugin-child.js';
import { loadPluginProtocol } from '../../host/isolation/plugin-protocol.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { systemClock } from '../../system/system-clock.js';

// Runs one plugin, in a process that the host started for it and ends when it has to.

/** File descriptor of the pipe of messages; nothing that a plugin prints goes there. */
const PIPE = 3;

const pipe = new Socket({ fd: PIPE, readable: true, writable: true });
// `exit` is what a plugin may have replaced.
const exit = process.exit.bind(process);
const protocol = loadPluginProtocol(process.argv[2] ?? '');

const child = new PluginChild({
  send: (message) => protocol.toHost.send(pipe, message),
  clock: systemClock,
  random: seededRandom,
  // Those that keep a process from ending.
  running: () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => /Timeout|Worker|Server|ChildProcess/.test(kind)),
  memoryBytes: () => process.memoryUsage.rss(),
  // Behind what was told before; the plugin may have left something running.
  onClosed: () => pipe.end(() => exit(0)),
});
const read = protocol.toPlugin.reader((message) => child.handle(message));
pipe.on('data', read);
// The host is gone, however it went.
pipe.on('end', () => exit(0));
pipe.on('error', () => exit(0));

// The same for code that never returns: a thread of its own sees that nobody is there any more.
const orphans = `
const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
new Worker(orphans, {
  eval: true,
  stdin: false,
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();

// Meant for the host, which says here what it means for plugins.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Nobody waits for it, so it costs nobody's answer.
process.on('unhandledRejection', (thrown) => {
  process.stderr.write(`a rejection nobody waited for: ${describeThrown(thrown)}\n`);
});
process.on('uncaughtException', (thrown) => {
  const { stack = describeThrown(thrown) } = thrown instanceof Error ? thrown : {};
  process.stderr.write(`${stack}\n`);
  exit(1);
});
