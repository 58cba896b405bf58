import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ChangeEvent } from 'react';
import { importFormQuery, sendFile, templateHref, type ListName, type Upload } from '../../api/imports';
import { ApiError } from '../../api/problem';
import { Field } from '../../components/Field';
import { useTexts } from '../texts';

interface Props {
  list: ListName;
  onSent: (upload: Upload) => void;
}

const mega = 1024 * 1024;
const inMega = (bytes: number) => Math.ceil(bytes / mega);

/** The first step: a template to fill in, and the file. What is too large is not even sent. */
export function SendList({ list, onSent }: Props) {
  const { t, error: errorText } = useTexts();
  const form = useQuery(importFormQuery(list));
  const [sent, setSent] = useState(0);
  const limit = form.data?.limit_bytes ?? Infinity;
  const send = useMutation({
    mutationFn: (file: File) => {
      setSent(0);
      if (file.size > limit) throw new ApiError(413, 'file_too_large', file.name, { file: file.name, size: inMega(file.size), limit: inMega(limit) });
      if (file.size === 0) throw new ApiError(400, 'file_empty', file.name);
      return sendFile(file, setSent);
    },
    onSuccess: onSent,
  });
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file !== undefined) send.mutate(file);
    event.target.value = ''; // the same file may be chosen again after it was mended
  };
  return (
    <section className="card">
      <h3>{t('import.send')}</h3>
      <p>{t('import.sendHint')}</p>
      <p>
        <a className="button" href={templateHref(list)} download>
          {t('import.template')}
        </a>
      </p>
      <Field label={t('import.file')} hint={Number.isFinite(limit) ? t('import.limit', { limit: inMega(limit) }) : ''} error={send.error ? errorText(send.error) : undefined}>
        {(wiring) => <input {...wiring} type="file" name="file" accept=".csv,.txt,.tsv,.xlsx,.geojson,.json" onChange={choose} disabled={send.isPending} />}
      </Field>
      {send.isPending && (
        <p role="status">
          <progress value={sent} aria-label={t('import.sending')} /> {t('import.sending')} {Math.round(sent * 100)} %
        </p>
      )}
    </section>
  );
}
