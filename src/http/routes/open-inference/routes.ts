import type { Context, Hono } from 'hono';
import { HostError } from '../../../domain/errors/host-error.js';
import type { Log } from '../../../domain/log.js';
import {
  metadataOf,
  questionOf,
  repositoryIndex,
} from '../../../domain/open-inference/question.js';
import { type AccessGuard, ROUTE_NEEDS } from '../../../domain/operations/access.js';
import type { ModelServer } from '../../../domain/operations/model-server.js';
import type { SessionRegistry } from '../../../domain/session/session-registry.js';
import { answerFault } from '../faults.js';
import { shownBy } from '../guard.js';
import { readBytes } from '../read-body.js';
import { MAX_JSON_BYTES, parseQuestion, writeAnswer } from './infer-body.js';

export interface ServedInference {
  readonly modelServer: ModelServer;
  /** Of a question, its binary data included. */
  readonly maxMessageBytes: number;
}

export interface OpenInferenceDependencies {
  readonly version: string;
  readonly log: Log;
  readonly guard: AccessGuard;
  readonly registry: Pick<SessionRegistry, 'isDraining'>;
}

type Route = Extract<keyof typeof ROUTE_NEEDS, `${string} /v2${string}`>;
type Answering = (c: Context) => Response | Promise<Response>;

const HEADER_LENGTH = 'Inference-Header-Content-Length';

/** The REST form of the Open Inference Protocol, with Triton's binary data and repository, over the models that plugins ask. */
export function addOpenInference(
  app: Hono,
  { version, guard, log, registry }: OpenInferenceDependencies,
  { modelServer: models, maxMessageBytes }: ServedInference,
): void {
  const route = (name: Route, answer: Answering) => {
    const [method, path] = name.split(' ') as [string, string];
    const need = ROUTE_NEEDS[name];
    app.on(method, path, async (c) => {
      try {
        if (need === 'operator') await guard.prove(shownBy(c));
        else if (need !== 'anyone') await guard.admit(shownBy(c), need);
        return await answer(c);
      } catch (thrown) {
        return await asError(c, answerFault(c, thrown, log));
      }
    });
  };
  const named = (c: Context) => [c.req.param('name') ?? '', c.req.param('version') ?? ''] as const;
  const isModelReady: Answering = (c) => c.body(null, models.isReady(...named(c)) ? 200 : 400);
  const describe: Answering = async (c) => c.json(metadataOf(await models.describe(...named(c))));
  const infer: Answering = async (c) => {
    const question = parseQuestion(await bodyOf(c, maxMessageBytes), headerLength(c));
    const inputs = questionOf(question.inputs);
    const answer = await models.infer(...named(c), inputs, c.req.raw.signal);
    const { body, jsonBytes } = writeAnswer(answer, question);
    if (jsonBytes !== undefined) c.header(HEADER_LENGTH, String(jsonBytes));
    c.header(
      'content-type',
      jsonBytes === undefined ? 'application/json' : 'application/octet-stream',
    );
    return c.body(Uint8Array.from(body));
  };

  route('GET /v2/health/live', (c) => c.body(null, 200));
  route('GET /v2/health/ready', (c) => c.body(null, registry.isDraining ? 503 : 200));
  route('GET /v2', (c) =>
    c.json({ name: 'dh-advisor', version, extensions: ['model_repository', 'binary_tensor_data'] }),
  );
  route('GET /v2/models/:name/ready', isModelReady);
  route('GET /v2/models/:name/versions/:version/ready', isModelReady);
  route('GET /v2/models/:name', describe);
  route('GET /v2/models/:name/versions/:version', describe);
  route('POST /v2/models/:name/infer', infer);
  route('POST /v2/models/:name/versions/:version/infer', infer);
  route('POST /v2/repository/index', async (c) => {
    const body = await bodyOf(c, MAX_JSON_BYTES);
    return c.json(repositoryIndex(models.models(), isReadyOnly(body)));
  });
  route('POST /v2/repository/models/:name/load', async (c) => {
    await models.load(named(c)[0]);
    return c.json({});
  });
  route('POST /v2/repository/models/:name/unload', async (c) => {
    await models.unload(named(c)[0]);
    return c.json({});
  });
}

/** The protocol calls it `error`; our code stays beside it. */
async function asError(c: Context, fault: Response): Promise<Response> {
  const { code, message } = (await fault.json()) as { code: string; message: string };
  return c.json({ error: message, code }, fault.status as 400);
}

function bodyOf(c: Context, limit: number): Promise<Buffer> {
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    const problem = `is ${encoding}, but bodies are read as they are`;
    throw new HostError('invalid-field', { field: 'Content-Encoding', problem });
  }
  return readBytes(c.req.raw.body, limit);
}

function headerLength(c: Context): number | undefined {
  const text = c.req.header(HEADER_LENGTH);
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new HostError('invalid-field', { field: HEADER_LENGTH, problem: 'is no number of bytes' });
}

function isReadyOnly(body: Buffer): boolean {
  if (body.byteLength === 0) return false;
  try {
    return (JSON.parse(body.toString()) as { ready?: unknown } | null)?.ready === true;
  } catch (thrown) {
    const problem = `is not JSON: ${(thrown as Error).message}`;
    throw new HostError('invalid-field', { field: 'body', problem });
  }
}
