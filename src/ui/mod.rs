//! View, layout, hit, gesture, scroll, theme, widgets.
