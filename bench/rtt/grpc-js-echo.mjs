// Answers every event of the contract with an empty answer: the least a grpc-js host can do. Prints its address.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { planAdvisor } from '../lib/plan-advisor.mjs';

const PlanAdvisor = planAdvisor({ oneofs: true });

function answerTo({ start, geometry, levelStart, iteration, finish }) {
  if (iteration) {
    return {
      iteration: {
        level: iteration.level,
        stage: iteration.stage,
        iteration: iteration.iteration,
      },
    };
  }
  if (start) return { accepted: { sessionId: 'echo' } };
  if (geometry) return { geometry: {} };
  if (levelStart) return { level: { level: levelStart.level, stage: levelStart.stage } };
  return finish ? { summary: {} } : undefined;
}

const server = new Server({ 'grpc.max_receive_message_length': 64 << 20 });
server.addService(PlanAdvisor.service, {
  Advise(call) {
    call.on('data', (event) => {
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
