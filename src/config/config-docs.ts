import { configJsonSchema } from './schema/json-schema.js';

interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

function rowsOf(node: SchemaNode, path: string): readonly string[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, child]) =>
      rowsOf(child, path === '' ? key : `${path}.${key}`),
    );
  }
  const choices = node.enum?.map((choice) => JSON.stringify(choice)).join(' or ');
  const type = node.const === undefined ? (choices ?? node.type ?? 'any') : String(node.const);
  const fallback = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
  return [`| \`${path}\` | ${type} | ${fallback} | ${node.description ?? ''} |`];
}

/** Every key of the configuration as Markdown: the text of docs/configuration.md. */
export function configDocs(): string {
  return [
    '# Configuration',
    '',
    'Generated from `src/config/schema/config-schema.ts` by `npm run gen:docs`. `config/host.yaml` is a commented example,',
    '`config/profiles/` has a small file for a host of each solver;',
    '`dh-advisor config check FILE` names every fault with its line, `dh-advisor config diff A B` says what two files mean differently.',
    'Unknown keys are faults. Units are in the names: `_ms`, `_bytes`; sigmas are in Gy.',
    '',
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...rowsOf(configJsonSchema() as SchemaNode, ''),
    '',
  ].join('\n');
}
