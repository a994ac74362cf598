import { crc32c } from '@node-rs/crc32';
import { expect, it } from 'vitest';
import { DataType } from '../../generated/dh/advisor/v1/DataType.js';
import { VolumeAssembler } from './volume-assembler.js';

const MIB = 2 ** 20;

it('takes memory for bytes that have come, not for those that are announced', () => {
  const assembler = new VolumeAssembler('ct', 512 * MIB);
  const data = new Uint8Array(1024);
  const before = process.memoryUsage().arrayBuffers;
  const more = assembler.add({
    dataType: DataType.DATA_TYPE_INT16,
    shape: [256, 1024, 1024],
    spacingMm: [1, 1, 1],
    offsetBytes: 0,
    data: Buffer.from(data),
    runningCrc32c: crc32c(data),
  });
  expect(more).toBeUndefined();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MIB);
});
