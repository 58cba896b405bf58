import { expect, it } from 'vitest';
import { SingleFlight } from './single-flight';

const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });

/** A server whose answers come when they are told to. */
function server() {
  const flights: { question: number; signal: AbortSignal; land: () => void; fail: (error: Error) => void }[] = [];
  const answers: number[] = [];
  const failures: string[] = [];
  let now = 0;
  const flight = new SingleFlight<number, number>(
    {
      ask: (question, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => { reject(new DOMException('stopped', 'AbortError')); });
          flights.push({ question, signal, land: () => { resolve(question); }, fail: reject });
        }),
      onAnswer: (answer) => answers.push(answer),
      onFailure: (error) => failures.push(String(error)),
    },
    () => now,
  );
  return { flight, flights, answers, failures, pass: (milliseconds: number) => { now += milliseconds; } };
}

it('has one question in flight, and asks the newest of the others next', async () => {
  const { flight, flights, answers } = server();
  for (const question of [1, 2, 3, 4]) flight.send(question);
  expect(flights.map(({ question }) => question)).toEqual([1]);
  flights[0]?.land();
  await settled();
  expect(flights.map(({ question }) => question)).toEqual([1, 4]);
  flights[1]?.land();
  await settled();
  expect(answers).toEqual([1, 4]);
});

it('aborts a flight that takes too long, once something newer waits', async () => {
  const { flight, flights, answers, failures, pass } = server();
  flight.send(1);
  pass(500);
  expect(flights[0]?.signal.aborted).toBe(false);
  flight.send(2);
  expect(flights[0]?.signal.aborted).toBe(true);
  await settled();
  flights[1]?.land();
  await settled();
  expect(answers).toEqual([2]);
  expect(failures).toEqual([]);
});

it('tells a failure and goes on; what is stopped is silent', async () => {
  const { flight, flights, answers, failures } = server();
  flight.send(1);
  flights[0]?.fail(new Error('gone'));
  await settled();
  expect(failures).toEqual(['Error: gone']);
  flight.send(2);
  flight.send(3);
  flight.stop();
  await settled();
  expect(flights).toHaveLength(2);
  expect(answers).toEqual([]);
  expect(failures).toHaveLength(1);
});
