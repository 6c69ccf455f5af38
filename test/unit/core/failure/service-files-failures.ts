// One or more of every way in which --service-files fails.
import type { ServiceFilesFailure } from '../../../../src/core/failure/service-files-failure.ts';

type Kinds = ServiceFilesFailure['kind'];
type Table = { readonly [Kind in Kinds]: readonly Extract<ServiceFilesFailure, { kind: Kind }>[] };

const secret = { what: 'secret', name: 'token', target: '/run/secrets/token' } as const;
const config = { what: 'config', name: 'app', target: '/app.conf' } as const;

export const serviceFilesFailures: Table = {
  'service-files-of-task': [{ kind: 'service-files-of-task', service: 'api', container: 'shop_api.1.x' }],
  'service-files-unread': [{ kind: 'service-files-unread', service: 'web', reason: 'services.web must be a mapping' }],
  'service-files-elsewhere': [
    {
      kind: 'service-files-elsewhere',
      service: 'web',
      reason: 'its container was created from "-": not an absolute path',
    },
  ],
  'service-files-too-many': [
    { kind: 'service-files-too-many', service: 'web', reason: '1501, but at most 500 are allowed' },
  ],
  'service-file-taken': [{ kind: 'service-file-taken', ...secret }],
  'service-file-placeless': [
    { kind: 'service-file-placeless', ...config, reason: 'users other than root can change /' },
  ],
  'service-file-unreadable': [
    { kind: 'service-file-unreadable', ...secret, container: undefined, reason: '/x/token: no such file' },
    { kind: 'service-file-unreadable', ...secret, container: 'shop-web-1', reason: 'it is a symbolic link' },
  ],
};
