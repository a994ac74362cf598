// What documents have readers type is typed here, line by line, by a shell that finds the commands of this checkout in bin.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onFreePorts } from '../../scripts/packaging/verify/installed-host.mjs';
import { temporaryFolder } from '../contract/stream/testing/live-host.js';
import { codeIn, documents, root } from '../support/doc-examples.js';

/** How a line begins that a reader types into a shell. */
const TYPED =
  /^(?:dh-advisor|rtmodel|dh-cases|dh-train|npm|scripts\/\w|python -|pip|sudo|docker|cmake|\.venv\/|build\/|curl) ?/;
const CLIENT = 'clients/python/README.md';

const linesOf = (document: string) =>
  codeIn(document)
    .filter(({ isWhole, text }) => isWhole && TYPED.test(text))
    .map(({ text }) => text);

/** Who runs the commands of a document; those of `HERE` are run below. */
const HERE = [
  'docs/dh-fidelity.md',
  'docs/install.md',
  'docs/operate.md',
  'docs/replay.md',
  'docs/tour.md',
  'docs/trajectories.md',
];
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': 'npm test itself, test/e2e/demo.test.ts',
  'CONTRIBUTING.md': 'npm test itself, test/e2e/demo.test.ts',
  'docs/cases-from-anywhere.md': 'test/e2e/cases-from-anywhere.test.ts',
  'docs/dashboard.md': 'test/page, with a browser and by fetch',
  'docs/deploy.md':
    'scripts/container-steps.mjs; the service needs root: test/contract/release/deploy-files.test.ts reads its unit',
  'docs/evaluate.md': 'test/e2e/evaluate.test.ts',
  'docs/experiments.md': 'test/contract/experiment-commands.test.ts, test/e2e/experiment.test.ts',
  'docs/join-from-any-language.md': 'clients/python/tests/test_documents.py',
  'docs/journals.md': 'test/contract/journals/verify-command.test.ts',
  'docs/open-inference.md':
    'clients/python/tests/test_open_inference.py; over gRPC tritonclient wants an older protobuf than the other Python environments have: test/contract/open-inference asks the same',
  'docs/release.md': 'test/contract/release/versions.test.ts, .ci/run',
  'docs/rtmodel-integration.md':
    'cpp/tests/sdk/install, which installs the package and builds against it',
  'docs/security.md': 'test/e2e/tls.test.ts',
  'docs/windows.md':
    'scripts/setup and ctest run its builds with mingw-w64 and Wine; the commands for MSVC have never been run',
  'docs/training.md': 'python/tests, on the small configuration; the full one takes hours',
  'docs/write-a-plugin-in-python.md': 'test/e2e/write-a-plugin-in-python.test.ts',
  'docs/write-a-plugin.md': 'test/e2e/write-a-plugin.test.ts',
  'src/plugin-sdk/README.md': 'test/contract/release/packed-plugin-sdk.test.ts',
  [CLIENT]: 'clients/python/tests/test_examples.py',
};

it('every document whose commands a reader types has somebody who runs them', () => {
  const typing = [...documents(), CLIENT].filter((document) => linesOf(document).length > 0);
  expect(typing.length).toBeGreaterThan(10);
  expect(typing.filter((document) => !HERE.includes(document) && !(document in ELSEWHERE))).toEqual(
    [],
  );
  expect(HERE.filter((document) => !typing.includes(document))).toEqual([]);
});

/** A reader's shell in a folder of their own. What stands for something of the reader's is replaced before a line is typed. */
class Shell {
  readonly folder = temporaryFolder();
  readonly #replaced = new Map<string, string>();
  #environment: Readonly<Record<string, string>> = {};

  replace(text: string, by: string): this {
    this.#replaced.set(text, by);
    return this;
  }

  /** With ports of its own, so that it is nobody else's host. */
  configuration(file: string, more = ''): this {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      readFileSync(join(root, 'config/host.yaml'), 'utf8').replace(
        /^recording:\n(?: .*\n)+/m,
        more || '$&',
      ),
    );
    onFreePorts(path);
    return this;
  }

  #start(line: string) {
    let text = line;
    for (const [from, to] of this.#replaced) text = text.replaceAll(from, to);
    const PATH = [join(root, 'bin'), process.env['PATH']].join(delimiter);
    return execa('bash', ['-c', `exec ${text}`], {
      cwd: this.folder,
      env: { PATH, ...this.#environment },
    });
  }

  /** Rejects with what the command says when it fails. */
  async type(line: string): Promise<string> {
    return (await this.#start(line)).stdout;
  }

  /** A host; from then on commands and optimizers ask this one. */
  async serve(line: string): Promise<void> {
    const host = this.#start(line);
    onTestFinished(async () => {
      host.kill('SIGTERM');
      expect((await host).exitCode).toBe(0);
    });
    for await (const text of createInterface({ input: host.stdout })) {
      const entry = text.startsWith('{') ? JSON.parse(text) : {};
      if (entry.msg !== 'serving') continue;
      this.replace('127.0.0.1:50151', entry.address);
      this.#environment = { DH_ADVISOR_OPERATOR: entry.operatorAddress };
      host.stdout.resume();
      return;
    }
  }

  /** All lines of a document in their order; `without` are not typed. */
  async typeAll(document: string, without: RegExp = /^$/): Promise<readonly string[]> {
    const said: string[] = [];
    for (const line of linesOf(document).filter((text) => !without.test(text))) {
      if (line.startsWith('dh-advisor serve')) await this.serve(line);
      else said.push(await this.type(line));
    }
    return said;
  }
}

const PATIENCE_MS = 120_000;

describe('what readers type', () => {
  it(
    'docs/tour.md: a plan is advised, and the host tells of it',
    async () => {
      const shell = new Shell().configuration('config/host.yaml');
      const said = await shell.typeAll('docs/tour.md');
      const { advice } = JSON.parse(readFileSync(join(shell.folder, 'result.json'), 'utf8'));
      expect(advice.status).toBe('ok');
      expect(said.at(-1)).toMatch(/early-stopping/);
    },
    PATIENCE_MS,
  );

  it(
    'docs/install.md: writes a configuration, checks it, makes a phantom',
    async () => {
      const shell = new Shell().configuration('config/host.yaml');
      const isInstallation = /^(?:npm|sudo|pip|scripts\/setup)|^dh-advisor serve/;
      const said = await shell.typeAll('docs/install.md', isInstallation);
      expect(said[0]).toContain('my-host/host.yaml is written');
      expect(said[1]).toBe('my-host/host.yaml: valid');
      onFreePorts(join(shell.folder, 'my-host/host.yaml'));
      const serve = linesOf('docs/install.md').filter((line) =>
        line.startsWith('dh-advisor serve'),
      );
      expect(serve).toHaveLength(1);
      await shell.serve(serve[0] ?? '');
    },
    PATIENCE_MS,
  );

  it(
    'docs/operate.md: stops all advice, and resumes it',
    async () => {
      const shell = new Shell().configuration('host.yaml');
      await shell.serve('dh-advisor serve --config host.yaml');
      const [stopped, resumed] = await shell.typeAll('docs/operate.md');
      expect(stopped).toMatch(/without advice until resume-advice/);
      expect(resumed).toMatch(/advice/i);
    },
    PATIENCE_MS,
  );

  it(
    'docs/dh-fidelity.md: plans as dH is shipped',
    async () => {
      const shell = new Shell().replace('CASE', 'phantom');
      await shell.type('rtmodel phantom --kind head-neck phantom');
      shell.replace('goals.yaml', join(root, 'cpp/rtmodel/data/shipped-prescription.yaml'));
      expect((await shell.typeAll('docs/dh-fidelity.md')).length).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );

  it(
    'docs/trajectories.md: records plans of a folder of cases',
    async () => {
      const recorded = 'recording: { enabled: true, directory: trajectories }\n';
      const shell = new Shell().configuration('host.yaml', recorded).replace('CASES', 'cases');
      await shell.type('rtmodel phantom --kind c-shape cases/one');
      const said = await shell.typeAll('docs/trajectories.md', / query /);
      expect(said.at(-1)).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
      // Converted when the session has ended, beside the host's other work.
      await expect
        .poll(() => shell.type('dh-advisor trajectory list trajectories'), { timeout: 60_000 })
        .toContain('finished');
      const queries = linesOf('docs/trajectories.md').filter((line) => line.includes(' query '));
      expect(queries).toHaveLength(2);
      for (const query of queries) expect(await shell.type(query)).not.toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'docs/replay.md: asks a recorded plan once more, and other versions',
    async () => {
      const recorded = 'recording: { enabled: true, directory: trajectories }\n';
      const shell = new Shell()
        .configuration('host.yaml', recorded)
        .configuration('other-host.yaml');
      await shell.serve('dh-advisor serve --config host.yaml');
      await shell.type('rtmodel phantom --kind c-shape phantom');
      const plan =
        'rtmodel optimize phantom --solver dh --may-record --advisor 127.0.0.1:50151 --out result.json';
      await shell.type(`${plan} --beamlet-mm=10 --max-iterations=12 --quiet`);
      const { advice } = JSON.parse(readFileSync(join(shell.folder, 'result.json'), 'utf8'));
      // Converted when the session has ended, beside the host's other work.
      await expect
        .poll(() => shell.type('dh-advisor trajectory list trajectories'), { timeout: 60_000 })
        .toContain(advice.session_id);
      shell.replace('9cfea942-…', advice.session_id);
      // Arms need a plan of an experiment: test/e2e/experiment.test.ts.
      const said = await shell.typeAll('docs/replay.md', /--arm /);
      expect(said.length).toBeGreaterThan(3);
      expect(said[0]).toMatch(/bit for bit|identical|same/i);
    },
    PATIENCE_MS,
  );
});
