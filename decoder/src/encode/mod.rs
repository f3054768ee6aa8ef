//! The way back, as far as tests, the demo and the simulator need it.
