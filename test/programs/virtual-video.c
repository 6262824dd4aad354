/* ioctls of a video device that is not there: formats, buffers, parameters, tuners, controls. */
#include "calls.h"
#include <linux/videodev2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

/* The end of memory: what begins `n` bytes before it ends there. */
static char *end;
#define LAST(n) (end - (n))

static void formats(void) {
  struct v4l2_clip clips[8] = {{.c = {1, -2, 3, 4}}, {.c = {5, 6, 7, 8}}};
  for (unsigned type = 0; type < 17; type++) {
    struct v4l2_format f;
    memset(&f, 0, sizeof f), f.type = type;
    call(ioctl, -1, VIDIOC_S_FMT, &f), call(ioctl, -1, VIDIOC_G_FMT, &f);
    memset(&f.fmt, 0x41 + type, sizeof f.fmt);
    if (type == V4L2_BUF_TYPE_VIDEO_OVERLAY || type == V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY) f.fmt.win.clips = clips, f.fmt.win.clipcount = type - 1;
    if (type == V4L2_BUF_TYPE_VIDEO_CAPTURE) f.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV, f.fmt.pix.field = V4L2_FIELD_NONE, f.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
    call(ioctl, -1, VIDIOC_TRY_FMT, &f);
    struct v4l2_fmtdesc d = {.index = 2, .type = type};
    struct v4l2_create_buffers make = {.count = 4, .memory = type, .format = f};
    call(ioctl, -1, VIDIOC_ENUM_FMT, &d), call(ioctl, -1, VIDIOC_CREATE_BUFS, &make);
  }
  call(ioctl, -1, VIDIOC_S_FMT, 0), call(ioctl, -1, VIDIOC_S_FMT, WILD), call(ioctl, -1, VIDIOC_TRY_FMT, LAST(200));
}

static void buffers(void) {
  struct v4l2_requestbuffers request = {4, V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP};
  struct v4l2_buffer buffer = {.index = 1, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  struct v4l2_framebuffer frame = {.capability = 3, .flags = 0x11, .base = &frame};
  int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  call(ioctl, -1, VIDIOC_REQBUFS, &request), call(ioctl, -1, VIDIOC_QUERYBUF, &buffer), call(ioctl, -1, VIDIOC_QBUF, &buffer), call(ioctl, -1, VIDIOC_DQBUF, &buffer), call(ioctl, -1, VIDIOC_S_FBUF, &frame), call(ioctl, -1, VIDIOC_G_FBUF, &frame), call(ioctl, -1, VIDIOC_STREAMON, &type), type = 99, call(ioctl, -1, VIDIOC_STREAMOFF, &type), call(ioctl, -1, VIDIOC_STREAMON, 0);
}

static void devices(void) {
  struct v4l2_streamparm p = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .parm.capture = {V4L2_CAP_TIMEPERFRAME, 1, {1, 25}, 0, 3}};
  struct v4l2_tuner tuner = {.index = 1, .name = "a tuner", .type = V4L2_TUNER_ANALOG_TV, .capability = 0x53, .rangelow = 1, .rxsubchans = 6, .audmode = 2, .signal = -1};
  struct v4l2_crop crop = {V4L2_BUF_TYPE_VIDEO_CAPTURE, {-1, -2, 3, 4}};
  struct v4l2_cropcap caps = {.type = V4L2_BUF_TYPE_VIDEO_OVERLAY};
  struct v4l2_frmsizeenum sizes = {.index = 1, .pixel_format = V4L2_PIX_FMT_MJPEG};
  struct v4l2_frmivalenum intervals = {.index = 1, .pixel_format = 0x275c0a41, .width = 640, .height = 480};
  struct v4l2_standard standard = {.index = 3};
  struct v4l2_input input = {.index = 4};
  unsigned long long bits = V4L2_STD_PAL_BG;
  int n = 5;
  char text[256];
  call(ioctl, -1, VIDIOC_S_PARM, &p), call(ioctl, -1, VIDIOC_G_PARM, &p), p.type = V4L2_BUF_TYPE_VIDEO_OUTPUT, call(ioctl, -1, VIDIOC_S_PARM, &p), p.type = 77, call(ioctl, -1, VIDIOC_S_PARM, &p);
  call(ioctl, -1, VIDIOC_S_TUNER, &tuner), call(ioctl, -1, VIDIOC_G_TUNER, &tuner), call(ioctl, -1, VIDIOC_S_CROP, &crop), call(ioctl, -1, VIDIOC_G_CROP, &crop), call(ioctl, -1, VIDIOC_CROPCAP, &caps), call(ioctl, -1, VIDIOC_ENUM_FRAMESIZES, &sizes), call(ioctl, -1, VIDIOC_ENUM_FRAMEINTERVALS, &intervals), call(ioctl, -1, VIDIOC_ENUMSTD, &standard), call(ioctl, -1, VIDIOC_ENUMINPUT, &input), call(ioctl, -1, VIDIOC_S_STD, &bits), call(ioctl, -1, VIDIOC_G_STD, &bits), call(ioctl, -1, VIDIOC_S_INPUT, &n), call(ioctl, -1, VIDIOC_G_INPUT, &n), call(ioctl, -1, VIDIOC_QUERYCAP, text), call(ioctl, -1, VIDIOC_QUERYCAP, 0);
}

static void controls(void) {
  static const unsigned ids[] = {0, V4L2_CID_BRIGHTNESS, V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_CLASS_USER, V4L2_CTRL_CLASS_CAMERA | 0x777, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CID_HUE, V4L2_CTRL_FLAG_NEXT_COMPOUND | 9, 0x80980900, -1};
  for (unsigned i = 0; i < sizeof ids / sizeof *ids; i++) {
    struct v4l2_control one = {ids[i], -7};
    struct v4l2_queryctrl query = {.id = ids[i]};
    struct v4l2_query_ext_ctrl more = {.id = ids[i]};
    call(ioctl, -1, VIDIOC_G_CTRL, &one), call(ioctl, -1, VIDIOC_S_CTRL, &one), call(ioctl, -1, VIDIOC_QUERYCTRL, &query), call(ioctl, -1, VIDIOC_QUERY_EXT_CTRL, &more);
  }
  struct v4l2_ext_control several[3] = {{.id = V4L2_CID_GAMMA, .value = 4}, {.id = V4L2_CID_HUE, .size = 6, .string = "string"}, {.id = 5, .size = 9, .string = 0}};
  struct v4l2_ext_controls all = {.ctrl_class = V4L2_CTRL_CLASS_USER, .controls = several};
  for (all.count = 0; all.count < 4; all.count++) call(ioctl, -1, VIDIOC_S_EXT_CTRLS, &all), call(ioctl, -1, VIDIOC_TRY_EXT_CTRLS, &all), call(ioctl, -1, VIDIOC_G_EXT_CTRLS, &all);
  memcpy(LAST(sizeof *several), several, sizeof *several), all.controls = (void *)LAST(sizeof *several), call(ioctl, -1, VIDIOC_S_EXT_CTRLS, &all), all.controls = WILD, call(ioctl, -1, VIDIOC_S_EXT_CTRLS, &all), call(ioctl, -1, VIDIOC_G_EXT_CTRLS, &all), call(ioctl, -1, VIDIOC_G_EXT_CTRLS, 0);
}

int main(void) {
  end = (char *)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
  munmap(end, 4096);
  formats(), buffers(), devices(), controls();
  return 0;
}
