/** Why the server refused: an RFC 9457 problem, or that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly args: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'ApiError';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the body of a refusal; without a code it is a fault of the server, or of the request. */
export function toApiError(status: number, body: unknown): ApiError {
  const problem = isRecord(body) ? body : {};
  const detail = text(problem['detail']) || text(problem['title']) || `HTTP ${status}`;
  const args = isRecord(problem['args']) ? problem['args'] : {};
  return new ApiError(status, text(problem['code']) || (status >= 500 ? 'internal' : 'request_invalid'), detail, args);
}

/** What a failed request threw: an abort stays one, all else is "unreachable". */
export function fromThrown(thrown: unknown): Error {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return thrown;
  return new ApiError(0, 'unreachable', thrown instanceof Error ? thrown.message : String(thrown));
}
