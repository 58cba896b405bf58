/** 128 random bits in hex. Unlike randomUUID this works without HTTPS too. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keeps one key per content: the same content sent again has the same key, so it is done once. */
export class OnceKeys {
  #content = '';
  #key = '';

  keyFor(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.#content || this.#key === '') {
      this.#content = text;
      this.#key = randomId();
    }
    return this.#key;
  }

  /** After success the same content is a new wish. */
  done(): void {
    this.#key = '';
  }
}
