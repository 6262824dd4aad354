/** Video devices (V4L2): formats, buffers, inputs, tuners, controls. */
import * as sets from '../../abi/sets.ts'
import {
  address,
  array,
  bytes,
  chars,
  field,
  flags,
  flags64,
  hex,
  hex32,
  inout,
  inoutAlways,
  int,
  into,
  is,
  isNot,
  long,
  min,
  oneOf,
  out,
  struct,
  uint,
  ulong,
  when,
} from '../../types/language.ts'
import { timeval } from '../time-structures.ts'

const bufferType = oneOf(sets.v4l2_buf_types)
const memory = oneOf(sets.v4l2_memories)
const pixels = oneOf(sets.v4l2_pix_fmts)
const fieldOrder = oneOf(sets.v4l2_fields)
const colors = oneOf(sets.v4l2_colorspaces)
const id = oneOf(sets.v4l2_control_ids)
const text = chars()
const narrow = { ...hex32, bits: 16 as const }

const rectangle = struct('v4l2_rect', { left: int, top: int, width: uint, height: uint })
const fraction = struct('v4l2_fract', { numerator: uint, denominator: uint })

const picture = struct('v4l2_pix_format', {
  width: uint,
  height: uint,
  pixelformat: pixels,
  field: fieldOrder,
  bytesperline: uint,
  sizeimage: uint,
  colorspace: colors,
})
const mostPlanes = 8
const planes = struct('v4l2_pix_format_mplane', {
  width: uint,
  height: uint,
  pixelformat: pixels,
  field: fieldOrder,
  colorspace: colors,
  plane_fmt: array(
    struct('v4l2_plane_pix_format', { sizeimage: uint, bytesperline: uint }),
    min(field('num_planes'), mostPlanes),
  ),
  num_planes: { ...uint, bits: 8 as const },
})
const overlay = struct('v4l2_window', {
  w: rectangle,
  field: fieldOrder,
  chromakey: hex32,
  clips: inoutAlways(array(struct('v4l2_clip', { c: rectangle }), field('clipcount'))),
  clipcount: uint,
  bitmap: address,
  global_alpha: { ...hex32, bits: 8 as const },
})
const blanking = struct('v4l2_vbi_format', {
  sampling_rate: uint,
  offset: uint,
  samples_per_line: uint,
  sample_format: pixels,
  start: array(int, 2),
  count: array(uint, 2),
  flags: flags(sets.v4l2_vbi_flags),
})
const services = struct('v4l2_sliced_vbi_format', {
  service_set: flags(sets.v4l2_sliced_flags),
  service_lines: array(array(narrow, 24, 2), 2, 48),
  io_size: uint,
})
const radio = struct('v4l2_sdr_format', { pixelformat: oneOf(sets.v4l2_sdr_fmts), buffersize: uint })
const metadata = struct('v4l2_meta_format', { dataformat: oneOf(sets.v4l2_meta_fmts), buffersize: uint })

/** By number: a part of the structure may be looked at without its type. */
const ofType = (...names: readonly (keyof typeof sets.v4l2_buf_types.values)[]) =>
  is(field('type'), ...names.map(name => sets.v4l2_buf_types.values[name]))

const format = struct('v4l2_format', {
  type: bufferType,
  'fmt.pix': when(ofType('V4L2_BUF_TYPE_VIDEO_CAPTURE', 'V4L2_BUF_TYPE_VIDEO_OUTPUT'), picture),
  'fmt.pix_mp': when(
    ofType('V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE', 'V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE'),
    planes,
  ),
  'fmt.win': when(ofType('V4L2_BUF_TYPE_VIDEO_OVERLAY', 'V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY'), overlay),
  'fmt.vbi': when(ofType('V4L2_BUF_TYPE_VBI_CAPTURE', 'V4L2_BUF_TYPE_VBI_OUTPUT'), blanking),
  'fmt.sliced': when(ofType('V4L2_BUF_TYPE_SLICED_VBI_CAPTURE', 'V4L2_BUF_TYPE_SLICED_VBI_OUTPUT'), services),
  'fmt.sdr': when(ofType('V4L2_BUF_TYPE_SDR_CAPTURE', 'V4L2_BUF_TYPE_SDR_OUTPUT'), radio),
  'fmt.meta': when(ofType('V4L2_BUF_TYPE_META_CAPTURE', 'V4L2_BUF_TYPE_META_OUTPUT'), metadata),
})

const buffer = struct('v4l2_buffer', {
  type: bufferType,
  index: uint,
  memory,
  'm.offset': when(is(field('memory'), 'V4L2_MEMORY_MMAP'), hex32),
  'm.userptr': when(is(field('memory'), 'V4L2_MEMORY_USERPTR'), hex),
  'm.fd': when(is(field('memory'), 'V4L2_MEMORY_DMABUF'), int),
  length: uint,
  bytesused: uint,
  flags: flags(sets.v4l2_buf_flags),
  timestamp: timeval,
})

const parameters = struct('v4l2_streamparm', {
  type: bufferType,
  'parm.capture': when(
    ofType('V4L2_BUF_TYPE_VIDEO_CAPTURE'),
    struct('v4l2_captureparm', {
      capability: flags(sets.v4l2_streaming_capabilities),
      capturemode: flags(sets.v4l2_capture_modes),
      timeperframe: fraction,
      extendedmode: hex32,
      readbuffers: uint,
    }),
  ),
  'parm.output': when(
    ofType('V4L2_BUF_TYPE_VIDEO_OUTPUT'),
    struct('v4l2_outputparm', {
      capability: flags(sets.v4l2_streaming_capabilities),
      outputmode: flags(sets.v4l2_capture_modes),
      timeperframe: fraction,
      extendedmode: hex32,
      writebuffers: uint,
    }),
  ),
})

const tuner = struct('v4l2_tuner', {
  index: uint,
  name: text,
  type: oneOf(sets.v4l2_tuner_types),
  capability: flags(sets.v4l2_tuner_capabilities),
  rangelow: uint,
  rangehigh: uint,
  rxsubchans: flags(sets.v4l2_tuner_rxsubchanses),
  audmode: oneOf(sets.v4l2_tuner_audmodes),
  signal: int,
  afc: int,
})

const control = struct('v4l2_control', { id, value: int })
const controls = struct('v4l2_ext_controls', {
  ctrl_class: oneOf(sets.v4l2_control_classes),
  count: uint,
  controls: inoutAlways(
    array(
      struct('v4l2_ext_control', {
        id,
        size: uint,
        value: when(is(field('size'), 0), int),
        value64: when(is(field('size'), 0), long),
        string: when(isNot(field('size'), 0), inoutAlways(bytes(field('size')))),
      }),
      field('count'),
    ),
  ),
  error_idx: uint,
})
const mostDimensions = 4

const capabilities = flags(sets.v4l2_device_capabilities_flags)
const crop = struct('v4l2_crop', { type: bufferType, c: rectangle })

export const videoIoctls = {
  VIDIOC_QUERYCAP: out(
    struct('v4l2_capability', {
      driver: text,
      card: text,
      bus_info: text,
      version: uint,
      capabilities,
      device_caps: capabilities,
    }),
  ),
  VIDIOC_ENUM_FMT: inout(
    struct('v4l2_fmtdesc', {
      index: uint,
      type: bufferType,
      flags: flags(sets.v4l2_format_description_flags),
      description: text,
      pixelformat: pixels,
    }),
  ),
  VIDIOC_G_FMT: inout(format),
  VIDIOC_S_FMT: inout(format),
  VIDIOC_TRY_FMT: inout(format),
  VIDIOC_REQBUFS: inout(struct('v4l2_requestbuffers', { type: bufferType, memory, count: uint })),
  VIDIOC_QUERYBUF: inout(buffer),
  VIDIOC_QBUF: inout(buffer),
  VIDIOC_DQBUF: inout(buffer),
  VIDIOC_G_FBUF: out(struct('v4l2_framebuffer', { capability: hex32, flags: hex32, base: address })),
  VIDIOC_S_FBUF: into(struct('v4l2_framebuffer', { capability: hex32, flags: hex32, base: address })),
  VIDIOC_STREAMON: into(bufferType),
  VIDIOC_STREAMOFF: into(bufferType),
  VIDIOC_G_PARM: inout(parameters),
  VIDIOC_S_PARM: inout(parameters),
  VIDIOC_G_STD: out(flags64(sets.v4l2_std_ids)),
  VIDIOC_S_STD: into(flags64(sets.v4l2_std_ids)),
  VIDIOC_ENUMSTD: inout(
    struct('v4l2_standard', { index: uint, name: text, frameperiod: fraction, framelines: uint }),
  ),
  VIDIOC_ENUMINPUT: inout(
    struct('v4l2_input', { index: uint, name: text, type: oneOf(sets.v4l2_input_types) }),
  ),
  VIDIOC_G_CTRL: inout(control),
  VIDIOC_S_CTRL: inout(control),
  VIDIOC_G_TUNER: inout(tuner),
  VIDIOC_S_TUNER: inout(tuner),
  VIDIOC_QUERYCTRL: inout(
    struct('v4l2_queryctrl', {
      id,
      type: oneOf(sets.v4l2_control_types),
      name: text,
      minimum: int,
      maximum: int,
      step: int,
      default_value: int,
      flags: flags(sets.v4l2_control_flags),
      reserved: array(hex32, 2),
    }),
  ),
  VIDIOC_G_INPUT: out(uint),
  VIDIOC_S_INPUT: into(uint),
  VIDIOC_CROPCAP: inout(
    struct('v4l2_cropcap', {
      type: bufferType,
      bounds: rectangle,
      defrect: rectangle,
      pixelaspect: fraction,
    }),
  ),
  VIDIOC_G_CROP: inout(crop),
  VIDIOC_S_CROP: into(crop),
  VIDIOC_G_EXT_CTRLS: inoutAlways(controls),
  VIDIOC_S_EXT_CTRLS: inoutAlways(controls),
  VIDIOC_TRY_EXT_CTRLS: inoutAlways(controls),
  VIDIOC_ENUM_FRAMESIZES: inout(
    struct('v4l2_frmsizeenum', {
      index: uint,
      pixel_format: pixels,
      type: oneOf(sets.v4l2_framesize_types),
      discrete: when(
        is(field('type'), 'V4L2_FRMSIZE_TYPE_DISCRETE'),
        struct('v4l2_frmsize_discrete', { width: uint, height: uint }),
      ),
      stepwise: when(
        is(field('type'), 'V4L2_FRMSIZE_TYPE_STEPWISE'),
        struct('v4l2_frmsize_stepwise', {
          min_width: uint,
          max_width: uint,
          step_width: uint,
          min_height: uint,
          max_height: uint,
          step_height: uint,
        }),
      ),
    }),
  ),
  VIDIOC_ENUM_FRAMEINTERVALS: inout(
    struct('v4l2_frmivalenum', {
      index: uint,
      pixel_format: pixels,
      width: uint,
      height: uint,
      type: oneOf(sets.v4l2_frameinterval_types),
      discrete: when(is(field('type'), 'V4L2_FRMIVAL_TYPE_DISCRETE'), fraction),
      stepwise: when(
        is(field('type'), 'V4L2_FRMIVAL_TYPE_CONTINUOUS', 'V4L2_FRMIVAL_TYPE_STEPWISE'),
        struct('v4l2_frmival_stepwise', { min: fraction, max: fraction, step: fraction }),
      ),
    }),
  ),
  VIDIOC_CREATE_BUFS: inout(struct('v4l2_create_buffers', { index: uint, count: uint, memory, format })),
  VIDIOC_QUERY_EXT_CTRL: inout(
    struct('v4l2_query_ext_ctrl', {
      id,
      type: oneOf(sets.v4l2_control_types),
      name: text,
      minimum: long,
      maximum: long,
      step: ulong,
      default_value: long,
      flags: flags(sets.v4l2_control_flags),
      elem_size: uint,
      elems: uint,
      nr_of_dims: uint,
      dims: array(uint, min(field('nr_of_dims'), mostDimensions)),
      reserved: array(hex32, 32),
    }),
  ),
}
