/** Being told of what happens to files. */
import * as sets from '../abi/sets.ts'
import { call, dirfd, fd, flags, flags64, int, mixed, path, syscalls } from '../types/language.ts'

export const notificationCalls = syscalls({
  inotify_init: call({}, fd),
  inotify_init1: call({ flags: flags(sets.inotify_init_flags) }, fd),
  inotify_add_watch: call({ fd, pathname: path, mask: flags(sets.inotify_flags) }, int),
  inotify_rm_watch: call({ fd, wd: int }, int),
  fanotify_init: call(
    {
      flags: mixed(12, sets.fan_classes, sets.fan_init_flags),
      event_f_flags: mixed(3, sets.open_access_modes, sets.open_mode_flags),
    },
    fd,
  ),
  fanotify_mark: call(
    {
      fanotify_fd: fd,
      flags: flags(sets.fan_mark_flags),
      mask: flags64(sets.fan_event_flags),
      dirfd,
      pathname: path,
    },
    int,
  ),
})
