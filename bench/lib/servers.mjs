// Starts servers that announce their address and stops them again.
import { createInterface } from 'node:readline';
import { execa } from 'execa';

/** Reads lines until one yields addresses. */
async function awaitAddress(child, addressOf) {
  for await (const line of createInterface({ input: child.stdout })) {
    const address = addressOf(line);
    if (address) return address;
  }
  const { stderr, exitCode } = await child;
  throw new Error(`${child.spawnargs.join(' ')} ended (${exitCode}) without an address: ${stderr}`);
}

async function start(command, args, addressOf, cwd = process.cwd()) {
  const child = execa(command, args, { cwd, reject: false, buffer: { stdout: false } });
  const announced = await awaitAddress(child, addressOf);
  // Keeps a chatty server from blocking on a full pipe.
  child.stdout.resume();
  return { ...announced, pid: child.pid, stop: () => child.kill(), ended: child };
}

/** A server that prints `host:port` as its first line. */
export function startServer(command, args) {
  return start(command, args, (line) =>
    line.trim() === '' ? undefined : { address: line.trim() },
  );
}

/** The advisor itself, as built in a checkout (`cwd`, this one unless told); it logs JSON lines, one of them `serving`. */
export function startHost(configFile, { args = [], cwd = process.cwd() } = {}) {
  const serve = ['dist/src/main.js', 'serve', '--config', configFile, ...args];
  const addressesOf = (line) => {
    const entry = line.startsWith('{') ? JSON.parse(line) : {};
    const { address, httpAddress } = entry;
    return entry.msg === 'serving' ? { address, httpAddress } : undefined;
  };
  return start('node', serve, addressesOf, cwd);
}
