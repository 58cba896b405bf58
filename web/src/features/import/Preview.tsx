import type { Tryout } from '../../api/imports';
import { formatNumber } from '../../lib/format';
import { fieldValue } from '../../lib/register-columns';
import { codeText } from '../../locales/codes';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useWords } from '../registry/useWords';
import { useTexts } from '../texts';

/** What taking the list in would do: so many new, changed, refused; and what may be doubled. */
export function Preview({ tryout, shell }: { tryout: Tryout; shell: Shell }) {
  const { t, name } = useTexts();
  const words = useWords(shell);
  const changed = tryout.examples.filter((example) => !example.new);
  const added = tryout.examples.filter((example) => example.new);
  return (
    <div className="preview">
      <p className="headline" role="status">
        {t('import.sentence', {
          rows: formatNumber(tryout.rows),
          added: formatNumber(tryout.new),
          changed: formatNumber(tryout.changed),
          unchanged: formatNumber(tryout.unchanged),
          refused: formatNumber(tryout.refused),
        })}
      </p>
      {tryout.ignored_columns.length > 0 && <p className="muted">{t('import.ignored', { columns: tryout.ignored_columns.join(t('table.comma')) })}</p>}
      {changed.length > 0 && (
        <details>
          <summary>{t('import.changes', { count: tryout.changed })}</summary>
          <ul>
            {changed.map((example) => (
              <li key={example.id}>
                <b>{example.name || example.id}</b>{' '}
                {example.changed.map((diff) => (
                  <span key={diff.field} className="diff">
                    {words.fieldNamed(diff.field, [])}
                    {t('colon')}
                    <del>{words.value(fieldValue(diff.before))}</del> → <ins>{words.value(fieldValue(diff.after))}</ins>
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </details>
      )}
      {added.length > 0 && (
        <details>
          <summary>{t('import.additions', { count: tryout.new })}</summary>
          <p>
            {added.map((example) => example.name || example.id).join(t('table.comma'))}
            {tryout.new > added.length && ' …'}
          </p>
        </details>
      )}
      {tryout.warnings.length > 0 && (
        <details open>
          <summary>{t('import.warnings', { count: tryout.warnings.length })}</summary>
          <ul>
            {tryout.warnings.map((warning) => (
              <li key={`${warning.row} ${warning.column ?? ''} ${warning.message}`}>
                {warning.row > 0 && t('import.warningRow', { row: warning.row, column: warning.column ?? '' })}
                {codeText(t, 'fault', warning.code, { fallback: warning.message })}{' '}
                <span className="muted">{warning.message}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {tryout.doubled > 0 && (
        <details open>
          <summary>{t('import.duplicates', { count: tryout.doubled })}</summary>
          <ul>
            {tryout.duplicates.map((pair) => (
              <li key={`${pair.a.id} ${pair.b.id}`}>
                {words.row(pair.a)} <code>{pair.a.id}</code> ↔ {words.row(pair.b)} <code>{pair.b.id}</code> · {name(pair.b.area_name)}{' '}
                {pair.reasons.map((reason) => (
                  <Tag key={reason} kind="unverified" label={codeText(t, 'duplicateReason', reason)} />
                ))}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
