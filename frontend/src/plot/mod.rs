//! What a plot shows, worked out without a browser: which readings, which stretch of time, which points of it can be told
//! apart on the screen, and what stands at the axes. The components only draw it.

pub mod colour;
pub mod figure;
pub mod mark;
pub mod number;
pub mod panel;
pub mod pick;
pub mod reduce;
pub mod rows;
pub mod series;
pub mod ticks;
pub mod view;
