import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the root, such as `src/host/roles/role-runner.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** What `npm run build` puts into the package of the plugin SDK. */
const built = join(root, 'src/plugin-sdk/dist');

function read(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|js|mjs)$/.test(entry.name))
    .filter((entry) => !entry.parentPath.startsWith(built))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const statements = text.matchAll(
        /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm,
      );
      return {
        path: relative(root, file),
        text,
        imports: [...statements].map((match) => match[1] ?? ''),
      };
    });
}

/** The file behind a relative import. */
export function target(file: SourceFile, specifier: string): string {
  return join(dirname(file.path), specifier).replace(/\.js$/, '.ts');
}

export function layerOf(path: string): string {
  const [, folder = ''] = path.split('/');
  return folder === 'main.ts' ? 'main' : folder;
}

export const sources = read('src');
export const handWritten = sources.filter((file) => layerOf(file.path) !== 'generated');
export const plugins = read('plugins');
export const tests = read('test');
export const page = read('dashboard');
export const benches = read('bench');
export const evaluation = read('evaluation');
export const scripts = read('scripts');
