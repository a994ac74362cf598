// Answers every event of the contract with an empty answer: the least a grpc-js host can do. Prints its address.
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { AdvisorEventInit } from '../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEvent } from '../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { PlanAdvisor } from '../lib/plan-advisor.js';

function answerTo(event: OptimizerEvent): AdvisorEventInit | undefined {
  const { start, geometry, levelStart, iteration, finish } = event;
  if (iteration) {
    const { level = 0, stage = 0, iteration: n = 0 } = iteration;
    return { iteration: { level, stage, iteration: n } };
  }
  if (start) return { accepted: { sessionId: 'echo' } };
  if (geometry) return { geometry: {} };
  if (levelStart) {
    const { level = 0, stage = 0 } = levelStart;
    return { level: { level, stage } };
  }
  return finish ? { summary: {} } : undefined;
}

const server = new Server({ 'grpc.max_receive_message_length': 64 << 20 });
server.addService(PlanAdvisor.service, {
  Advise(call: ServerDuplexStream<OptimizerEvent, AdvisorEventInit>) {
    call.on('data', (event: OptimizerEvent) => {
      const answer = answerTo(event);
      if (answer) call.write(answer);
      if (event.finish) call.end();
    });
    call.on('error', () => call.end());
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`127.0.0.1:${port}\n`);
});
