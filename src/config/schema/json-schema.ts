import { z } from '../../plugin-sdk/index.js';
import { configSchema } from './config-schema.js';

/** JSON Schema of the file, for editors. */
export function configJsonSchema(): object {
  return {
    title: 'dh-advisor host configuration',
    ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
