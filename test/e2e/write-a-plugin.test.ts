import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/write-a-plugin.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-plugin-'));

interface Block {
  /** The name in the line before, for files. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

/** The page's blocks of code, in order. */
const blocks: readonly Block[] = [
  ...page.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```([^\n]*)\n([\s\S]*?)^```$/gm),
].map(([, file, language = '', text = '']) => ({ file, language, text }));

/** What `export` lines of earlier blocks have set, as in one terminal. */
const environment: Record<string, string> = { DH_ADVISOR: root.replace(/\/$/, '') };
const servers: ReturnType<typeof launch>[] = [];

function launch(script: string) {
  // exec, so that the signal at the end reaches the host and not a shell.
  const args = ['-ec', `exec ${script}`];
  return execa('bash', args, { cwd: folder, env: environment, reject: false, buffer: false });
}

async function serve(script: string): Promise<void> {
  const server = launch(script);
  servers.push(server);
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"serving"')) break;
  }
  server.stdout.resume();
}

async function run(script: string): Promise<string> {
  const { stdout } = await execa('bash', ['-ec', script], { cwd: folder, env: environment });
  for (const [, name = '', value = ''] of script.matchAll(/^export (\w+)=(\S+)$/gm)) {
    environment[name] = value;
  }
  return stdout;
}

afterAll(async () => {
  for (const server of servers) server.kill('SIGTERM');
  for (const server of servers) expect((await server).exitCode).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

it('finds the steps of the page', () => {
  const kinds = blocks.map(({ file, language }) => file ?? language);
  expect(kinds.filter((kind) => kind.startsWith('sh')).length).toBeGreaterThanOrEqual(7);
  expect(kinds).toContain('plugins/narrowing-variance/plugin.json');
});

// Its own time limit: a plan is made, and a host started.
it('leads from an empty folder to a plugin whose advice a real plan takes', async () => {
  let output = '';
  for (const { file, language, text } of blocks) {
    if (file !== undefined) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    } else if (language === 'sh terminal') await serve(text);
    else if (language === 'sh') output = await run(text);
    else if (language === 'text') {
      for (const line of text.trim().split('\n')) expect(output).toContain(line);
    } else throw new Error(`the page has a block that nobody follows: ${language}`);
  }
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
    readonly advice: {
      readonly roles: readonly { role: string; accepted: number }[];
      readonly bindings: readonly { role: string; plugin: string }[];
    };
  };
  const binding = result.advice.bindings.find(({ role }) => role === 'adaptive-variance');
  expect(binding?.plugin).toBe('narrowing-variance');
  const asked = result.advice.roles.find(({ role }) => role === 'adaptive-variance');
  expect(asked?.accepted).toBeGreaterThan(0);
}, 90_000);
