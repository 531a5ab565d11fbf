"""The goals of the cameras by their names."""

import camera_cpu
import camera_times

GOALS = {"P1": camera_cpu.p1, "P2": camera_cpu.p2, "P2-drawn": camera_cpu.p2_drawn, "P3": camera_cpu.p3,
         "P4": camera_cpu.p4, "P8": camera_times.p8, "P9-board": camera_times.p9_board,
         "P9-key": camera_times.p9_key, "P9-screen": camera_times.p9_screen, "P11": camera_times.p11}
