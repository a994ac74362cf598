import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { onFreePorts } from './free-ports.js';

it('takes free ports, keeps the rest and where its folders are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'free-ports-'));
  try {
    const config = join(folder, 'my.yaml');
    writeFileSync(
      config,
      'version: 1\nserver: { address: 127.0.0.1:50151, max_sessions: 3 }\nmodels: { directory: ../models }\nplugins: { directories: [mine] }\n',
    );
    const written = parse(readFileSync(onFreePorts(config, join(folder, 'host')), 'utf8'));
    expect(written).toEqual({
      version: 1,
      server: { address: '127.0.0.1:0', max_sessions: 3 },
      operator: { address: '127.0.0.1:0' },
      http: { address: '127.0.0.1:0' },
      models: { directory: join(folder, '..', 'models') },
      plugins: { directories: [join(folder, 'mine')] },
    });
    // What is not YAML is left to the host, which names the line.
    writeFileSync(config, 'version: [1\n');
    expect(readFileSync(onFreePorts(config, join(folder, 'host')), 'utf8')).toBe('version: [1\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
