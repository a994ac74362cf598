// A host beside others: its configuration with free ports, so that one that runs already is not in the way.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

/**
 * Writes `configFile` into `folder` with port 0 for every address; returns the path. What the host keeps, such as
 * recordings and its history, then lies in `folder`, too, unless the configuration gives an absolute path. A text that is
 * not YAML is written as it is: the host says what is wrong with it.
 */
export function onFreePorts(configFile: string, folder: string): string {
  const text = readFileSync(configFile, 'utf8');
  const document = parseDocument(text);
  const place = dirname(configFile);
  if (document.errors.length === 0 && isMap(document.contents)) {
    for (const section of ['server', 'operator', 'http']) {
      document.setIn([section, 'address'], '127.0.0.1:0');
    }
    // Folders are relative to the file that names them.
    const models = document.getIn(['models', 'directory']);
    if (typeof models === 'string') document.setIn(['models', 'directory'], resolve(place, models));
    const plugins = document.getIn(['plugins', 'directories']);
    if (isSeq(plugins)) {
      const folders: readonly unknown[] = plugins.toJSON();
      document.setIn(
        ['plugins', 'directories'],
        folders.map((path) => resolve(place, String(path))),
      );
    }
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'host.yaml');
  writeFileSync(file, document.errors.length === 0 ? String(document) : text);
  return file;
}
