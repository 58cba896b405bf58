/**
 * The largest change number this page has seen. Sent with every request, it
 * makes the server answer from a state that holds all of our own writes.
 */
export class SeenSeq {
  #seq = 0;

  get value(): number {
    return this.#seq;
  }

  see(seq: number): void {
    if (Number.isSafeInteger(seq) && seq > this.#seq) this.#seq = seq;
  }

  /** Reads the change number of an ETag: "17", or W/"17-…" of one run of the server. */
  seeETag(etag: string | null): void {
    const found = etag?.match(/^(?:W\/)?"(\d+)(?:-\w+)?"$/);
    if (found) this.see(Number(found[1]));
  }
}
