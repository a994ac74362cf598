// Runs the Dockerfile's own steps without a container engine: every COPY, RUN and ENV in a folder that stands for the
// image's root, then its entry point with the container configuration, its health check, and SIGTERM. Base images and
// users are not exercised; hadolint reads those.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DockerfileParser } from 'dockerfile-ast';
import { execa } from 'execa';

const say = (line) => process.stdout.write(`container-steps: ${line}\n`);
const fail = (why) => {
  throw new Error(`container-steps: ${why}`);
};

/** One build stage: a root folder, a working directory in it, and an environment. */
class Stage {
  constructor(root) {
    this.root = root;
    this.workDirectory = '/';
    this.environment = {};
  }

  path(inside) {
    return join(this.root, inside.startsWith('/') ? inside : join(this.workDirectory, inside));
  }

  copy(sources, target, from) {
    for (const source of sources) {
      const path = from === undefined ? source : from.path(source);
      if (!existsSync(path)) fail(`COPY ${source}: no such file`);
      const isFolderTarget = sources.length > 1 || target.endsWith('/');
      const destination = this.path(
        isFolderTarget ? join(target, source.split('/').at(-1)) : target,
      );
      mkdirSync(dirname(destination), { recursive: true });
      cpSync(path, destination, { recursive: true, verbatimSymlinks: true });
    }
  }

  async run(command) {
    say(`RUN ${command}`);
    await execa(command, {
      shell: true,
      cwd: this.path('.'),
      env: this.environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

const jsonOf = (instruction) => JSON.parse(instruction.getRawArgumentsContent());

async function build(file, root) {
  const stages = new Map();
  let stage;
  const commands = {};
  for (const instruction of DockerfileParser.parse(readFileSync(file, 'utf8')).getInstructions()) {
    const words = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword()) {
      case 'FROM':
        stage = new Stage(join(root, String(stages.size)));
        stages.set(words[2] ?? 'last', stage);
        break;
      case 'WORKDIR':
        stage.workDirectory = words[0];
        mkdirSync(stage.path('.'), { recursive: true });
        break;
      case 'ENV':
        for (const property of instruction.getProperties()) {
          stage.environment[property.getName()] = property.getValue();
        }
        break;
      case 'COPY': {
        // `getFromFlag` knows it only where it is the one flag.
        const flags = instruction.getFlags();
        const from = flags.find((flag) => flag.getName() === 'from')?.getValue();
        stage.copy(words.slice(0, -1), words.at(-1), from && stages.get(from));
        break;
      }
      case 'RUN':
        await stage.run(words.join(' '));
        break;
      case 'ENTRYPOINT':
      case 'CMD':
        commands[instruction.getKeyword()] = jsonOf(instruction);
        break;
      case 'HEALTHCHECK':
        commands.HEALTHCHECK = JSON.parse(
          /CMD (\[.*\])/.exec(instruction.getRawArgumentsContent())[1],
        );
        break;
      default: // EXPOSE, USER: nothing to do outside a container.
    }
  }
  return { stage, commands };
}

async function serve(stage, commands) {
  // Free ports instead of the published ones, and the mounted configuration under this root.
  const config = stage.path('host.yaml');
  const text = readFileSync('deploy/host.container.yaml', 'utf8');
  // The page's address stays open, as in the container: that is what its changes need the operators' secret for.
  writeFileSync(
    config,
    text
      .replaceAll(/address: .*:9464$/gm, 'address: 0.0.0.0:0')
      .replaceAll(/address: .*:5015\d$/gm, 'address: 127.0.0.1:0')
      .replaceAll(
        /(history|directory): (\/.*)$/gm,
        (_, key, path) => `${key}: ${stage.path(path)}`,
      ),
  );
  const [command, ...args] = [...commands.ENTRYPOINT, ...commands.CMD].map((word) =>
    word === '/etc/dh-advisor/host.yaml' ? config : word,
  );
  const cwd = stage.path('.');
  const token = 'a-secret-of-this-run';
  const environment = { ...stage.environment, DH_ADVISOR_OPERATOR_TOKEN: token };
  const host = execa(command, args, { cwd, env: environment, reject: false, buffer: false });
  let httpAddress;
  let operatorAddress;
  let faults = '';
  host.stderr.on('data', (chunk) => {
    faults += chunk;
  });
  for await (const line of createInterface({ input: host.stdout })) {
    const entry = JSON.parse(line);
    if (entry.msg === 'serving') {
      httpAddress = entry.httpAddress.replace('0.0.0.0', '127.0.0.1');
      ({ operatorAddress } = entry);
    }
    if (httpAddress) break;
  }
  if (!httpAddress) fail(`the host ended before it served: ${faults}`);
  host.stdout.resume();
  const [checker, ...checkArgs] = commands.HEALTHCHECK;
  const env = { ...stage.environment, DH_ADVISOR_HTTP: httpAddress };
  await execa(checker, checkArgs, { cwd, env });
  say(`healthy at ${httpAddress}`);
  const page = await fetch(`http://${httpAddress}/`);
  if (!page.ok || !(await page.text()).includes('/assets/')) fail('the page is not served');
  say('serves the page');
  const operate = { ...environment, DH_ADVISOR_OPERATOR: operatorAddress };
  const [main] = args;
  await execa(command, [main, 'stop-advice', '--as', 'ci', '--reason', 'a try'], {
    cwd,
    env: operate,
  });
  const resumed = await fetch(`http://${httpAddress}/api/advice/resume`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ who: 'ci', why: 'a try' }),
  });
  if (!resumed.ok) fail(`the page's switch answered ${resumed.status}`);
  if (!existsSync(stage.path('/var/lib/dh-advisor/history'))) fail('nothing is kept on the volume');
  say('the kill switch works by command and by the page');
  host.kill('SIGTERM');
  const { exitCode } = await host;
  if (exitCode !== 0) fail(`exit code ${exitCode} after SIGTERM`);
  say('drained and ended with 0 after SIGTERM');
}

const root = mkdtempSync(join(tmpdir(), 'dh-advisor-image-'));
try {
  const { stage, commands } = await build('Dockerfile', root);
  await serve(stage, commands);
} finally {
  rmSync(root, { recursive: true, force: true });
}
