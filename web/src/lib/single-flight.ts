/** How long an answer may take before a newer question makes it pointless. */
const patienceMilliseconds = 400;

interface Handlers<Q, A> {
  ask: (question: Q, signal: AbortSignal) => Promise<A>;
  onAnswer: (answer: A, question: Q) => void;
  onFailure: (error: unknown, question: Q) => void;
}

/**
 * Asks one question at a time. While one is in flight only the newest of the
 * others waits; a flight that takes too long is aborted for it. So a drag is
 * painted as often as the server answers, and never runs behind.
 */
export class SingleFlight<Q, A> {
  #flight: { controller: AbortController; since: number } | null = null;
  #waiting: { question: Q } | null = null;

  constructor(
    private readonly handlers: Handlers<Q, A>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  send(question: Q): void {
    if (this.#flight === null) {
      void this.#fly(question);
      return;
    }
    this.#waiting = { question };
    if (this.now() - this.#flight.since > patienceMilliseconds) this.#flight.controller.abort();
  }

  /** Forgets what waits and aborts what flies. */
  stop(): void {
    this.#waiting = null;
    this.#flight?.controller.abort();
  }

  async #fly(question: Q): Promise<void> {
    const controller = new AbortController();
    this.#flight = { controller, since: this.now() };
    try {
      const answer = await this.handlers.ask(question, controller.signal);
      if (!controller.signal.aborted) this.handlers.onAnswer(answer, question);
    } catch (error) {
      if (!controller.signal.aborted) this.handlers.onFailure(error, question);
    }
    this.#flight = null;
    const next = this.#waiting;
    this.#waiting = null;
    if (next !== null) void this.#fly(next.question);
  }
}
