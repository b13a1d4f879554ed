//! Kiosk pages: edition and page state to views.
