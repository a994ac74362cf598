import { expect, it } from 'vitest';
import { pluginEnvironment } from './plugin-launcher.js';

const all = {
  PATH: '/bin',
  HOME: '/home/x',
  TOKEN: 'a',
  DH_ADVISOR_OPERATOR_TOKEN: 'b',
  CUDA: '0',
};

it('hands over what every program needs, and what the manifest names', () => {
  const environment = pluginEnvironment(['CUDA', 'NOT_SET'], all);
  expect(environment).toMatchObject({ PATH: '/bin', HOME: '/home/x', CUDA: '0' });
  expect(Object.keys(environment).filter((name) => /TOKEN|NOT_SET/.test(name))).toEqual([]);
});
