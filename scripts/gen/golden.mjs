// Writes test/fixtures/wire/golden.jsonl: for every message of the contract a line with its bytes, every field set, and
// the canonical protobuf JSON of the same. C++, Python and TypeScript decode the bytes and must arrive at the JSON.
// Run by hand when the contract grows: `npm run gen:golden`. Existing bytes must not change (buf breaking).
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const protoDir = join(root, 'proto/dh/advisor/v1');
const outFile = join(root, 'test/fixtures/wire/golden.jsonl');

const schema = new protobuf.Root();
schema.resolvePath = (_origin, target) =>
  join(root, 'proto', target.replace(`${join(root, 'proto')}/`, ''));
schema.loadSync(readdirSync(protoDir).map((name) => join('dh/advisor/v1', name)));
schema.resolveAll();

/** A value that differs from the field's default and from its neighbours. */
function scalar(field) {
  const salt = field.id;
  switch (field.type) {
    case 'double':
      return salt + 0.015625;
    case 'float':
      return salt + 0.5;
    case 'uint32':
    case 'fixed32':
      return 4_000_000_000 + salt;
    case 'int32':
      return -salt;
    case 'bool':
      return true;
    case 'string':
      return `${field.name} °µ`;
    case 'bytes':
      return Buffer.from([0, 255, salt, 128]);
    default:
      throw new Error(`golden: no sample for type ${field.type} of ${field.fullName}; add one`);
  }
}

function value(field) {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) return Math.max(...Object.values(type.values));
  return type ? sample(type) : scalar(field);
}

/** Every field set; of a oneof with several members the one asked for, or the first. */
function sample(type, chosen) {
  const message = {};
  for (const field of type.fieldsArray) {
    const group = field.partOf;
    const isSkipped =
      group && group.fieldsArray.length > 1 && field !== (chosen ?? group.fieldsArray[0]);
    if (isSkipped) continue;
    message[field.name] = field.repeated ? [value(field), value(field)] : value(field);
  }
  return message;
}

function line(name, type, message) {
  const bytes = type.encode(type.fromObject(message)).finish();
  const json = type.toObject(type.decode(bytes), { enums: String, bytes: String, longs: Number });
  return JSON.stringify({ name, bytes: Buffer.from(bytes).toString('base64'), json });
}

const lines = schema.lookup('dh.advisor.v1').nestedArray.flatMap((type) => {
  if (!(type instanceof protobuf.Type)) return [];
  const choice = type.oneofsArray.find((oneof) => oneof.fieldsArray.length > 1);
  if (!choice) return [line(type.name, type, sample(type))];
  return choice.fieldsArray.map((field) =>
    line(`${type.name}.${field.name}`, type, sample(type, field)),
  );
});
writeFileSync(outFile, `${lines.sort().join('\n')}\n`);
