// The committed bytes of every message decode to the committed JSON, as they do in C++ and Python: here with the very
// loader and options the host decodes with.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import { loadContract } from '../../src/transport/proto-options.js';

const golden = new URL('../fixtures/wire/golden.jsonl', import.meta.url);
const contract = loadContract(fileURLToPath(new URL('../../proto', import.meta.url)));
const cases = readFileSync(golden, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { name: string; bytes: string; json: unknown });

type Message = MessageTypeDefinition<object, object>;
type Described = { readonly format: string; readonly type: object };

/** Names of one kind of definition; services have no format. */
const namesOf = (kind: string) =>
  Object.entries(contract).flatMap(([name, definition]) =>
    (definition as Partial<Described>).format === kind ? [name] : [],
  );

/** Enum value by name, of any enum: names are unique across the contract by their prefixes. */
const numberOf = new Map(
  namesOf('Protocol Buffer 3 EnumDescriptorProto').flatMap((name) => {
    const { type } = contract[name] as unknown as {
      type: { value: { name: string; number: number }[] };
    };
    return type.value.map((entry) => [entry.name, entry.number] as const);
  }),
);

/** The JSON as the host's options would decode it: enums as numbers, bytes as Buffers. */
function asDecoded(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => asDecoded(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asDecoded(v, k)]));
  }
  if (typeof value !== 'string') return value;
  if (['data', 'resumeToken'].includes(key)) return Buffer.from(value, 'base64');
  return numberOf.get(value) ?? value;
}

describe('golden bytes', () => {
  it.each(cases)('$name', ({ name, bytes, json }) => {
    const message = contract[`dh.advisor.v1.${name.split('.')[0]}`] as Message;
    const decoded = message.deserialize(Buffer.from(bytes, 'base64'));
    expect(decoded).toEqual(asDecoded(json));
  });

  it('exist for every message', () => {
    const messages = namesOf('Protocol Buffer 3 DescriptorProto').map((name) =>
      name.replace('dh.advisor.v1.', ''),
    );
    expect(messages.length).toBeGreaterThan(30);
    expect(new Set(cases.map(({ name }) => name.split('.')[0]))).toEqual(new Set(messages));
  });
});
