interface Props {
  message: string;
  retryLabel: string;
  onRetry: () => void;
}

/** Something could not be read: why, and the way to try again. */
export function Failure({ message, retryLabel, onRetry }: Props) {
  return (
    <div className="failure" role="alert">
      <p>{message}</p>
      <button type="button" onClick={onRetry}>
        {retryLabel}
      </button>
    </div>
  );
}
