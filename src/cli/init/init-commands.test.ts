import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../config/read-config.js';
import { writeConfiguration } from './init-commands.js';
import { PROFILES } from './profiles.js';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('dh-advisor init', () => {
  it('writes the commented configuration into a folder that it makes, and says what to do next', async () => {
    const folder = join(emptyFolder(), 'new', 'place');
    const told = await writeConfiguration(folder);
    const file = join(folder, 'host.yaml');
    expect(told).toContain(`dh-advisor serve --config ${file}`);
    expect(told).toContain('http://127.0.0.1:9464/');
    expect(told).toContain('--advisor 127.0.0.1:50151');
    const shipped = readConfig('config/host.yaml').config;
    const { roles, server } = readConfig(file).config;
    expect(roles).toEqual(shipped.roles);
    expect(server).toEqual(shipped.server);
    expect(readFileSync(file, 'utf8').match(/^ *#/gm)?.length).toBeGreaterThan(20);
  });

  it.each([undefined, ...PROFILES])(
    'leaves no path that is right in the package alone: %s',
    async (profile) => {
      const folder = emptyFolder();
      await writeConfiguration(folder, profile);
      const text = readFileSync(join(folder, 'host.yaml'), 'utf8');
      const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? [];
      expect(existsSync(schema), schema).toBe(true);
      const mentioned = text.match(/[\w./-]+\/[\w-]+(?:\.(?:md|yaml|json))/g) ?? [];
      expect(mentioned.length).toBeGreaterThan(0);
      expect(mentioned.filter((path) => !path.startsWith('/') || !existsSync(path))).toEqual([]);
    },
  );

  it('knows all profiles that come with the host', async () => {
    const shipped = readdirSync('config/profiles').map((name) => name.replace('.yaml', ''));
    expect([...PROFILES]).toEqual(shipped.sort());
    for (const profile of PROFILES) {
      const folder = emptyFolder();
      await writeConfiguration(folder, profile);
      const { roles } = readConfig(join(folder, 'host.yaml')).config;
      expect(roles).toEqual(readConfig(`config/profiles/${profile}.yaml`).config.roles);
    }
  });

  it('overwrites nothing', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'host.yaml');
    writeFileSync(file, 'mine');
    await expect(writeConfiguration(folder)).rejects.toThrow(
      `${file} is there already, and nothing is overwritten: name another folder, or remove it`,
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('says what is wrong with a folder that cannot be one', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'file'), '');
    await expect(writeConfiguration(join(folder, 'file'))).rejects.toThrow(
      /host\.yaml cannot be written \(E[A-Z]+.*\): name a folder that you may write to/,
    );
    expect(existsSync(join(dirname(folder), 'host.yaml'))).toBe(false);
  });
});
