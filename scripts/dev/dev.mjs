// npm run dev [-- OPTIONS of `dh-advisor serve`]: a host that is rebuilt and started again whenever a source changes: TypeScript, manifests of
// plugins, the page. The configuration needs no restart; the host watches it. Ctrl-C ends all of it.
import { watch } from 'node:fs';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { Restarting } from './restarting.mjs';

const say = (line) => process.stderr.write(`dev: ${line}\n`);
const given = process.argv.slice(2);
const options = given.length > 0 ? given : ['--config', 'config/host.yaml'];

const restarting = new Restarting({
  say,
  start: () => {
    const serve = ['dist/src/main.js', 'serve', ...options];
    const host = execa('node', serve, { stdio: 'inherit', reject: false, buffer: false });
    return { stop: () => host.kill('SIGTERM'), ended: host };
  },
});

/** What tsc does not do of a build. */
async function copyAlong() {
  for (const script of ['copy-plugin-manifests', 'copy-plugin-sdk']) {
    await execa('node', [`scripts/${script}.mjs`], { stdio: 'inherit' });
  }
}

async function built() {
  await copyAlong();
  await restarting.built();
}

/** A program that builds and goes on watching; `isDone` tells lines that say that it has built without a fault. */
function watcher(command, args, isDone) {
  const child = execa(command, args, { reject: false, buffer: false, stdin: 'ignore', all: true });
  createInterface({ input: child.all }).on('line', (line) => {
    if (line.trim() !== '') say(line);
    if (isDone(line)) built().catch((thrown) => say(thrown.message));
  });
  return child;
}

const compiler = ['-b', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'];
const page = ['build', '--watch', '--logLevel', 'info', '--config', 'dashboard/vite.config.ts'];
const watchers = [
  watcher('tsc', compiler, (line) => line.includes('Found 0 errors')),
  watcher('vite', page, (line) => /built in/.test(line)),
];
const manifests = watch('plugins', { recursive: true }, (_, name) => {
  if (name?.endsWith('plugin.json')) built().catch((thrown) => say(thrown.message));
});

async function end() {
  manifests.close();
  for (const child of watchers) child.kill('SIGTERM');
  await Promise.all([restarting.end(), ...watchers]);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
