import { GatewayError } from '@facet/errors';
import { PassThrough, type Readable } from 'node:stream';

/**
 * A client's body for an upstream, so that whatever happens to the upstream's copy leaves the client's connection
 * alive: the transport destroys the stream it sends when an exchange fails, and with it the socket our answer needs.
 */
export function upload(source: Readable): Readable {
  const copy = new PassThrough();
  const broken = (): void => {
    if (!source.readableEnded) copy.destroy(new GatewayError('client_closed_request'));
  };
  source.once('error', broken).once('close', broken);
  copy.once('close', () => {
    source.off('error', broken).off('close', broken);
    source.unpipe(copy);
  });
  // An error of the copy is the exchange's to report.
  copy.on('error', () => undefined);
  return source.pipe(copy);
}
