import { expect, it, onTestFinished } from 'vitest';
import { startHttp } from '../testing/http-fixture.js';

it('takes a change whose body comes in chunks, and bounds it all the same', async () => {
  const { origin, killSwitch } = await startHttp(onTestFinished);
  const sendInChunks = (parts: readonly string[]) =>
    fetch(`${origin}/api/advice/stop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
  const response = await sendInChunks(['{"who":"a', '", "why": "b"}']);
  expect(response.status).toBe(200);
  expect(killSwitch.stopped).toBeDefined();
  const long = await sendInChunks(Array.from({ length: 20 }, () => ' '.repeat(1000)));
  expect(await long.json()).toMatchObject({ code: 'invalid-field' });
});

it('is not followed by those who ask for heads only', async () => {
  const { get } = await startHttp(onTestFinished);
  for (let i = 0; i < 65; i += 1) {
    expect((await get('/api/events', { method: 'HEAD' })).status).toBe(405);
  }
  const page = new AbortController();
  expect((await get('/api/events', { signal: page.signal })).status).toBe(200);
  page.abort();
});

it('reads one text at most for a generation that is not there', async () => {
  const { get, control } = await startHttp(onTestFinished);
  let reads = 0;
  control.textOf = () => {
    reads += 1;
    return undefined;
  };
  expect((await get('/api/configuration/999999999')).status).toBe(404);
  expect(reads).toBe(1);
});
