type Cell = string | number | null | undefined;

/** Keeps a spreadsheet from taking a text for a formula; numbers stay. */
const harmless = (text: string): string => (/^[=+@\t\r]/.test(text) || (text.startsWith('-') && !/^-[\d.]+$/.test(text)) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows as CSV in UTF-8 with the mark that spreadsheets look for; lines end as RFC 4180 wants. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) => row.map((cell) => quoted(typeof cell === 'string' ? harmless(cell) : String(cell ?? ''))).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
