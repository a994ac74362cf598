// Messages and requests that lie about their size, or name what every object has: bounded, answered, and nothing of the host changes.
import { connect as connectHttp2, constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { Client, credentials, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read-config.js';
import { grpc } from '../stream/testing/plan-client.js';
import { startTestHost, type TestHost } from '../stream/testing/test-host.js';
import { wireFinish, wireStart } from '../stream/testing/wire-run.js';

const PATH = grpc.dh.advisor.v1.PlanAdvisor.service.Advise.path;

/** What becomes of a stream whose first bytes are these, as gRPC frames them or do not. */
function sendRaw(host: TestHost, bytes: Buffer, encoding: string): Promise<string> {
  const session = connectHttp2(`http://${host.address}`);
  return new Promise((resolve) => {
    const done = (outcome: string) => {
      resolve(outcome);
      session.destroy();
    };
    session.on('error', () => done('connection closed'));
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-encoding': encoding,
    });
    const read = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] !== undefined) done(String(headers['grpc-status']));
    };
    stream.on('response', read).on('trailers', read);
    stream.on('error', () => done('stream closed'));
    stream.on('close', () => done(`closed ${stream.rstCode ?? constants.NGHTTP2_NO_ERROR}`));
    stream.resume();
    stream.end(bytes);
  });
}

function frame(body: Buffer, { isCompressed = true, size = body.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0, 0);
  head.writeUInt32BE(size, 1);
  return Buffer.concat([head, body]);
}

async function expectServing(host: TestHost): Promise<void> {
  const client = host.client();
  expect((await client.ask(wireStart()))?.accepted).toBeDefined();
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
}

describe('a message over gRPC', () => {
  it('that unpacks beyond the bound ends its stream, and costs the host no more than the bound', async () => {
    const host = await startTestHost();
    const bomb = gzipSync(Buffer.alloc(256 * 2 ** 20));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const before = process.memoryUsage().rss;
    expect(await sendRaw(host, frame(bomb), 'gzip')).toBe(String(status.RESOURCE_EXHAUSTED));
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 2 ** 20);
    await expectServing(host);
  });

  it('that says it is packed and is not, or is cut, or larger than it is, ends its stream alone', async () => {
    const host = await startTestHost();
    const packed = gzipSync(Buffer.alloc(1000));
    const lies: readonly (readonly [string, Buffer, string])[] = [
      ['no gzip', frame(Buffer.from('no gzip at all')), 'gzip'],
      ['cut gzip', frame(packed.subarray(0, packed.length / 2)), 'gzip'],
      ['an encoding that nobody knows', frame(packed), 'zstd'],
      ['packed without an encoding', frame(packed), 'identity'],
      [
        '4 GiB announced',
        frame(Buffer.alloc(10), { isCompressed: false, size: 2 ** 32 - 1 }),
        'identity',
      ],
    ];
    for (const [what, bytes, encoding] of lies) {
      expect([what, await sendRaw(host, bytes, encoding)]).not.toEqual([what, String(status.OK)]);
    }
    // Whoever leaves in the middle of a message has said nothing.
    await sendRaw(host, frame(Buffer.alloc(10), { size: 1000 }), 'gzip');
    expect(await host.metric('dh_advisor_streams_started_total')).toBe(0);
    expect(await host.metric('dh_advisor_streams_active')).toBe(0);
    await expectServing(host);
  });

  it('that a client packs is taken', async () => {
    const host = await startTestHost();
    const client = new Client(host.address, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2,
    });
    const { requestSerialize } = grpc.dh.advisor.v1.PlanAdvisor.service.Advise;
    const raw = (bytes: Buffer) => bytes;
    const call = client.makeBidiStreamRequest(PATH, raw, raw, new Metadata());
    const answered = new Promise<Buffer>((resolve) => call.on('data', resolve));
    const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
    call.on('error', () => undefined);
    call.write(requestSerialize(wireStart() as never));
    expect((await answered).length).toBeGreaterThan(10);
    call.cancel();
    await ended;
    client.close();
  });
});

describe('a request of the page', () => {
  const post = (host: TestHost, body: Buffer | string, headers: Readonly<Record<string, string>>) =>
    fetch(`http://${host.httpAddress}/api/advice/stop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it('that is packed is not unpacked', async () => {
    const host = await startTestHost();
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '));
    const { status: packed } = await post(host, bomb, { 'content-encoding': 'gzip' });
    expect(packed).toBeGreaterThanOrEqual(400);
    expect(packed).toBeLessThan(500);
  });

  it('that names what every object has changes no object', async () => {
    const host = await startTestHost();
    const bodies = [
      '{"who":"a","why":"b","__proto__":{"isAdmin":true}}',
      '{"who":"a","why":"b","constructor":{"prototype":{"isAdmin":true}}}',
      '{"__proto__":{"who":"a","why":"b"}}',
    ];
    for (const body of bodies) expect((await post(host, body, {})).status).toBe(400);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    const status = await (await fetch(`http://${host.httpAddress}/api/status`)).json();
    expect(status).toMatchObject({ stop: null });
  });
});

it.each([
  ['__proto__: { isAdmin: true }', /__proto__/],
  ['roles: { __proto__: { early-stopping: { plugin: plateau } } }', /__proto__/],
  ['models: { labels: { __proto__: { stable: "1" } } }', /__proto__/],
  ['models: { labels: { constructor: { __proto__: "1" } } }', /__proto__/],
  ['constructor: { prototype: { isAdmin: true } }', /constructor/],
  ['access: { certificates: [{ match: "CN:a", roles: [__proto__] }] }', /roles/],
])('a configuration with %s is refused, and changes no object', (yaml, fault) => {
  expect(() => parseConfig(`version: 1\n${yaml}\n`, 'host.yaml')).toThrow(fault);
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
});
